// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Test} from "../testing/Test.sol";
import {GateRegistry} from "./GateRegistry.sol";

contract GateRegistryTest is Test {
    GateRegistry private registry = GateRegistry(
        _deploy("src/GateRegistry.sol:GateRegistry", abi.encode(address(this)))
    );

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

    function test_APreviousGateCanBecomeCanonicalAgain() public {
        registry.publish("one");
        registry.publish("two");
        registry.publish("one");
        _expect("one", "two");
        registry.rollBack();
        _expect("two", 0);
        registry.publish("one");
        _expect("one", "two");
    }

    /// @dev Whatever governance does in whatever order: the two gates are those of a plain list of what it did.
    function testFuzz_CanonicalAndPreviousAreTheLastTwo(uint256 seed) public {
        bytes32 canonical = 0;
        bytes32 previous = 0;
        for (uint256 i = 0; i < 20; ++i) {
            uint256 step = uint256(keccak256(abi.encode(seed, i))) % 6;
            if (step < 4) {
                bytes32 gate = bytes32(step);
                bool possible = gate != 0 && gate != canonical;
                assertTrue(_succeeds(abi.encodeCall(registry.publish, (gate))) == possible);
                if (possible) (canonical, previous) = (gate, canonical);
            } else {
                bool possible = previous != 0;
                assertTrue(_succeeds(abi.encodeCall(registry.rollBack, ())) == possible);
                if (possible) (canonical, previous) = (previous, 0);
            }
            _expect(canonical, previous);
            for (uint256 gate = 0; gate < 4; ++gate) {
                bool accepted = gate != 0 && (bytes32(gate) == canonical || bytes32(gate) == previous);
                assertTrue(registry.isAccepted(bytes32(gate)) == accepted);
            }
        }
    }

    function testFuzz_OnlyGovernanceDecides(address stranger) public {
        vm.assume(stranger != address(this) && stranger != address(0));
        registry.publish("one");
        registry.publish("two");
        bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger);
        bytes[4] memory attempts = [
            abi.encodeCall(registry.publish, ("three")),
            abi.encodeCall(registry.rollBack, ()),
            abi.encodeCall(registry.transferOwnership, (stranger)),
            abi.encodeCall(registry.acceptOwnership, ())
        ];
        for (uint256 i = 0; i < attempts.length; ++i) {
            vm.prank(stranger);
            (bool success, bytes memory answer) = address(registry).call(attempts[i]);
            assertFalse(success);
            assertEq(keccak256(answer), keccak256(refusal));
        }
        _expect("two", "one");
        assertEq(registry.owner(), address(this));
    }

    function test_GovernanceMovesOnlyWhenTheNextOneAccepts() public {
        registry.transferOwnership(address(0xB0B));
        assertEq(registry.owner(), address(this));
        registry.publish("one");
        vm.prank(address(0xB0B));
        registry.acceptOwnership();
        assertEq(registry.owner(), address(0xB0B));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        registry.publish("two");
        vm.prank(address(0xB0B));
        registry.publish("two");
        _expect("two", "one");
    }

    function test_GovernanceThatWasNamedByMistakeIsTakenBack() public {
        registry.transferOwnership(address(0xBAD));
        registry.transferOwnership(address(0xB0B));
        vm.prank(address(0xBAD));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(0xBAD)));
        registry.acceptOwnership();
        registry.transferOwnership(address(0));
        vm.prank(address(0xB0B));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(0xB0B)));
        registry.acceptOwnership();
        assertEq(registry.owner(), address(this));
    }

    function test_ThereIsAlwaysAGovernance() public {
        vm.expectRevert(GateRegistry.GovernanceCannotRenounce.selector);
        registry.renounceOwnership();
        assertEq(registry.owner(), address(this));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
        new GateRegistry(address(0));
    }

    function _succeeds(bytes memory call) private returns (bool success) {
        (success, ) = address(registry).call(call);
    }

    function _expect(bytes32 canonical, bytes32 previous) private view {
        assertEq(registry.canonical(), canonical);
        assertEq(registry.previous(), previous);
        assertTrue(canonical == 0 || registry.isAccepted(canonical));
        assertTrue(previous == 0 || registry.isAccepted(previous));
    }
}
