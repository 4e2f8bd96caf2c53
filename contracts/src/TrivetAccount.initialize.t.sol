// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountTest} from "../testing/AccountTest.sol";
import {Keys} from "./account/Keys.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";
import {Schedule} from "./account/Schedule.sol";

contract TrivetAccountInitializeTest is AccountTest {
    function test_ANewAccountHasItsThreeKeysActiveAndOneSignatureEachNeeded() public {
        vm.warp(1_000_000);
        account = _create("device", "mfa", "recovery");
        bytes32[3] memory ids = [bytes32("device"), "mfa", "recovery"];
        for (uint8 role = DEVICE; role <= RECOVERY; ++role) {
            (uint8 seen, uint48 activeFrom, uint48 expires) = _key(ids[role - 1]);
            assertEq(seen, role);
            // Not the time of creation: whoever creates an account for the EntryPoint must not look at the clock.
            assertEq(activeFrom, 1);
            assertEq(expires, 0);
            assertEq(_views().keyCount(role), 1);
            assertEq(_views().threshold(role), 1);
        }
        assertEq(account.getNonce(0), 0);
    }

    function test_AnAccountCannotBeInitializedAgain() public {
        vm.expectRevert(ITrivetAccount.AlreadyInitialized.selector);
        account.initialize("a", "b", "c");
    }

    function test_TheImplementationItselfIsClosed() public {
        vm.expectRevert(ITrivetAccount.AlreadyInitialized.selector);
        IMPLEMENTATION.initialize("a", "b", "c");

        account = IMPLEMENTATION;
        vm.deal(address(account), 1 ether);
        vm.expectPartialRevert(Schedule.NotScheduled.selector);
        account.withdraw(ETHER, BOB, 1, 0, "");
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 1, 0);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(ETHER, BOB, 1, 0, signatures);
    }

    function testFuzz_TheThreeKeysMustBeThreeKeys(bytes32 key, bytes32 other) public {
        vm.assume(key != 0 && other != 0 && key != other);
        bytes memory twice = abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, key);
        vm.expectRevert(twice);
        FACTORY.createAccount(key, key, other, 0);
        vm.expectRevert(twice);
        FACTORY.createAccount(key, other, key, 0);
        vm.expectRevert(twice);
        FACTORY.createAccount(other, key, key, 0);
        vm.expectRevert(Keys.KeyIdMissing.selector);
        FACTORY.createAccount(0, key, other, 0);
        vm.expectRevert(Keys.KeyIdMissing.selector);
        FACTORY.createAccount(key, 0, other, 0);
        vm.expectRevert(Keys.KeyIdMissing.selector);
        FACTORY.createAccount(key, other, 0, 0);
    }

    function test_AnyoneMayPayInAtAnyTime() public {
        address future = FACTORY.accountAddress("a", "b", "c", 0);
        vm.deal(address(this), 3);
        (bool before, ) = future.call{value: 1}("");
        _create("a", "b", "c");
        (bool afterwards, ) = future.call{value: 2}("");
        assertTrue(before && afterwards);
        assertEq(future.balance, 3);
    }
}
