// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Test} from "../testing/Test.sol";
import {GateRegistry} from "./GateRegistry.sol";

contract GateRegistryTest is Test {
    GateRegistry private registry = new GateRegistry(address(this));

    function test_BeforeTheFirstGateNoneIsAccepted() public view {
        assertEq(registry.canonical(), 0);
        assertFalse(registry.isAccepted(0));
    }

    function test_TheCanonicalAndThePreviousGateAreAccepted() public {
        registry.publish("one");
        _expect("one", 0);
        assertFalse(registry.isAccepted(0));
        vm.expectEmit();
        emit GateRegistry.GatePublished("two", "one");
        registry.publish("two");
        _expect("two", "one");
        registry.publish("three");
        _expect("three", "two");
        assertFalse(registry.isAccepted("one"));
    }

    function test_RollingBackWithdrawsTheCanonicalGate() public {
        registry.publish("one");
        registry.publish("two");
        vm.expectEmit();
        emit GateRegistry.GateRolledBack("two", "one");
        registry.rollBack();
        _expect("one", 0);
        assertFalse(registry.isAccepted("two"));
        vm.expectRevert(GateRegistry.NothingToRollBackTo.selector);
        registry.rollBack();
    }

    function test_ZeroAndTheCanonicalGateCannotBePublished() public {
        vm.expectRevert(GateRegistry.GateMissing.selector);
        registry.publish(0);
        registry.publish("one");
        vm.expectRevert(abi.encodeWithSelector(GateRegistry.GateAlreadyCanonical.selector, bytes32("one")));
        registry.publish("one");
        vm.expectRevert(GateRegistry.NothingToRollBackTo.selector);
        registry.rollBack();
    }

    function testFuzz_OnlyGovernanceDecides(address stranger) public {
        vm.assume(stranger != address(this));
        bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger);
        vm.prank(stranger);
        vm.expectRevert(refusal);
        registry.publish("one");
        vm.prank(stranger);
        vm.expectRevert(refusal);
        registry.rollBack();
    }

    function test_GovernanceMovesOnlyWhenTheNextOneAccepts() public {
        registry.transferOwnership(address(0xB0B));
        assertEq(registry.owner(), address(this));
        vm.prank(address(0xB0B));
        registry.acceptOwnership();
        assertEq(registry.owner(), address(0xB0B));
    }

    function _expect(bytes32 canonical, bytes32 previous) private view {
        assertEq(registry.canonical(), canonical);
        assertEq(registry.previous(), previous);
        assertTrue(registry.isAccepted(canonical));
        assertTrue(previous == 0 || registry.isAccepted(previous));
    }
}
