// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ReentrantRecipient} from "../testing/hostile/ReentrantRecipient.sol";
import {SpendingTest} from "../testing/SpendingTest.sol";
import {Keys} from "./account/Keys.sol";
import {Limits} from "./account/Limits.sol";
import {Policy} from "./account/Policy.sol";
import {Scopes} from "./account/Scopes.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";

contract TrivetAccountLimitsTest is SpendingTest {
    uint256 private _lane;

    // ---- a key's daily limit

    function test_AKeyOfEachRoleAloneSpendsWithinItsLimit() public {
        uint256[3] memory privateKeys = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < privateKeys.length; ++i) {
            _setLimit(privateKeys[i], ETHER, 1 ether);
            _spend(privateKeys[i], ETHER, 0.4 ether);
            assertEq(BOB.balance, 0.4 ether * (i + 1));
            assertEq(_available(privateKeys[i], ETHER), 0.6 ether);
        }
    }

    function test_MoreThanIsLeftIsRefusedAndWhatIsLeftIsNamed() public {
        _setLimit(devicePrivateKey, address(token), 100);
        _spend(devicePrivateKey, address(token), 40);
        _expectLimitExceeded(60, 61);
        _spend(devicePrivateKey, address(token), 61);
        _spend(devicePrivateKey, address(token), 60);
        _expectLimitExceeded(0, 1);
        _spend(devicePrivateKey, address(token), 1);
        assertEq(token.balanceOf(BOB), 100);
    }

    function test_WhatWasSpentIsFreeAgainAfterFourPeriods() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _spend(devicePrivateKey, ETHER, 1 ether);
        // Spent four hours into its period of eight.
        vm.warp(NOON + 28 hours - 1);
        _expectLimitExceeded(0, 1);
        _spend(devicePrivateKey, ETHER, 1);
        vm.warp(NOON + 28 hours);
        _spend(devicePrivateKey, ETHER, 1 ether);
        assertEq(BOB.balance, 2 ether);
    }

    function test_ALimitIsForOneKeyAndOneToken() public {
        _setLimit(devicePrivateKey, address(token), 100);
        _setLimit(mfaPrivateKey, address(token), 50);
        _spend(devicePrivateKey, address(token), 100);
        assertEq(_available(mfaPrivateKey, address(token)), 50);
        // No limit for ether: then the key has no say at all, rather than nothing left.
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _spend(devicePrivateKey, ETHER, 1);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _spend(recoveryPrivateKey, address(token), 1);
    }

    function test_AnAccountWithoutLimitsLetsNoKeySpendAlone() public {
        uint256[3] memory privateKeys = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < privateKeys.length; ++i) {
            vm.expectRevert(Policy.NotAllowedAlone.selector);
            _spend(privateKeys[i], ETHER, 0);
        }
    }

    function test_WhatDeviceAndMfaSpendTogetherIsNotCounted() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _setLimit(mfaPrivateKey, ETHER, 1 ether);
        uint256 nonce = account.getNonce(0);
        account.withdraw(ETHER, BOB, 5 ether, nonce, _signWithdrawal(ETHER, BOB, 5 ether, nonce));
        assertEq(_available(devicePrivateKey, ETHER), 1 ether);
        assertEq(_available(mfaPrivateKey, ETHER), 1 ether);
    }

    function test_TwoKeysDoNotAddUpTheirLimits() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _setLimit(recoveryPrivateKey, ETHER, 1 ether);
        uint256 nonce = account.getNonce(0);
        bytes memory signatures = _both(
            devicePrivateKey,
            recoveryPrivateKey,
            _withdrawal(ETHER, BOB, 1, nonce)
        );
        vm.expectRevert(Policy.MfaKeyMissing.selector);
        account.withdraw(ETHER, BOB, 1, nonce, signatures);
    }

    function test_ALimitLoweredBelowWhatWasSpentLeavesNothing() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _spend(devicePrivateKey, ETHER, 0.5 ether);
        _setLimit(devicePrivateKey, ETHER, 0.4 ether);
        _expectLimitExceeded(0, 1);
        _spend(devicePrivateKey, ETHER, 1);
    }

    function test_ASpendThatFailsTakesNothingFromTheLimit() public {
        _setLimit(devicePrivateKey, address(token), type(uint104).max);
        vm.expectPartialRevert(bytes4(keccak256("BalanceTooLow(address,uint256,uint256)")));
        _spend(devicePrivateKey, address(token), 1_000_000_001);
        assertEq(_available(devicePrivateKey, address(token)), type(uint104).max);
    }

    function test_WhoIsPaidCannotSpendTheSameLimitAgain() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        ReentrantRecipient thief = ReentrantRecipient(payable(_hostile("ReentrantRecipient", "")));
        uint256 nonce = account.getNonce(0);
        bytes memory second = _compact(
            devicePrivateKey,
            _withdrawal(ETHER, address(thief), 0.6 ether, nonce + 1)
        );
        thief.arm(
            abi.encodeCall(ITrivetAccount.withdraw, (ETHER, address(thief), 0.6 ether, nonce + 1, second))
        );
        bytes memory first = _compact(devicePrivateKey, _withdrawal(ETHER, address(thief), 0.6 ether, nonce));
        account.withdraw(ETHER, address(thief), 0.6 ether, nonce, first);
        assertEq(address(thief).balance, 0.6 ether);
        assertFalse(thief.succeeded());
        assertEq(
            keccak256(thief.answer()),
            keccak256(abi.encodeWithSelector(Limits.LimitExceeded.selector, 0.4 ether, 0.6 ether))
        );
    }

    // ---- closed hours

    function test_AKeySpendsNothingAloneInItsClosedHours() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _setHours(devicePrivateKey, uint24(1 << 12));
        vm.expectRevert(abi.encodeWithSelector(Scopes.ClosedAtThisHour.selector, 12));
        _spend(devicePrivateKey, ETHER, 1);
        vm.warp(NOON + 1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(Scopes.ClosedAtThisHour.selector, 12));
        _spend(devicePrivateKey, ETHER, 1);
        vm.warp(NOON + 1 hours);
        _spend(devicePrivateKey, ETHER, 1);
        assertEq(BOB.balance, 1);
    }

    function test_ClosedHoursDoNotBindDeviceAndMfaTogether() public {
        _setHours(devicePrivateKey, type(uint24).max);
        _setHours(mfaPrivateKey, type(uint24).max);
        uint256 nonce = account.getNonce(0);
        account.withdraw(ETHER, BOB, 1, nonce, _signWithdrawal(ETHER, BOB, 1, nonce));
        assertEq(BOB.balance, 1);
    }

    // ---- allowlisted recipients

    function test_ADeviceKeyAloneSendsAnyAmountToAnAllowlistedRecipient() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _setHours(devicePrivateKey, type(uint24).max);
        _setAllowlisted(BOB, true);
        _spend(devicePrivateKey, ETHER, 9 ether);
        _spend(devicePrivateKey, address(token), 1_000_000_000);
        assertEq(BOB.balance, 9 ether);
        assertEq(token.balanceOf(BOB), 1_000_000_000);
        assertEq(_available(devicePrivateKey, ETHER), 1 ether);
    }

    function test_OnlyAnActiveDeviceKeySendsToAnAllowlistedRecipient() public {
        _setAllowlisted(BOB, true);
        _recover(laptopPrivateKey);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _spend(mfaPrivateKey, ETHER, 1);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _spend(recoveryPrivateKey, ETHER, 1);
        vm.expectRevert(
            abi.encodeWithSelector(Keys.KeyPending.selector, _id(laptopPrivateKey), NOON + 7 days)
        );
        _spend(laptopPrivateKey, ETHER, 1);
        vm.warp(NOON + 7 days);
        _spend(laptopPrivateKey, ETHER, 1);
        assertEq(BOB.balance, 1);
    }

    function test_ARecipientNoLongerListedIsAsAnyOther() public {
        _setAllowlisted(BOB, true);
        _setAllowlisted(BOB, false);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _spend(devicePrivateKey, ETHER, 1);
    }

    // ---- keys without authority, frozen accounts

    function test_APendingAnExpiredAndARemovedKeySpendNothing() public {
        _recover(laptopPrivateKey);
        _setLimit(laptopPrivateKey, ETHER, 1 ether);
        vm.expectPartialRevert(Keys.KeyPending.selector);
        _spend(laptopPrivateKey, ETHER, 1);
        _removeKey(laptopPrivateKey);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        _spend(laptopPrivateKey, ETHER, 1);

        _addKey(DEVICE, strangerPrivateKey, NOON + 1 hours);
        _setLimit(strangerPrivateKey, ETHER, 1 ether);
        _spend(strangerPrivateKey, ETHER, 1);
        vm.warp(NOON + 1 hours);
        vm.expectPartialRevert(Keys.KeyExpired.selector);
        _spend(strangerPrivateKey, ETHER, 1);
    }

    function test_AFrozenAccountSpendsNothing() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _setLimit(mfaPrivateKey, ETHER, 1 ether);
        _setAllowlisted(BOB, true);
        _lock();
        vm.expectRevert(Policy.AccountFrozen.selector);
        _spend(devicePrivateKey, ETHER, 1);
        vm.expectRevert(Policy.AccountFrozen.selector);
        _spend(mfaPrivateKey, ETHER, 1);
        vm.warp(NOON + 7 days);
        _spend(mfaPrivateKey, ETHER, 1);
        assertEq(BOB.balance, 1);
    }

    function test_ThatTheAccountIsFrozenIsSaidBeforeAnythingElse() public {
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _setHours(mfaPrivateKey, type(uint24).max);
        _setLimit(mfaPrivateKey, ETHER, 1 ether);
        _lock();
        vm.expectRevert(Policy.AccountFrozen.selector);
        _spend(devicePrivateKey, ETHER, 2 ether);
        vm.expectRevert(Policy.AccountFrozen.selector);
        _spend(mfaPrivateKey, ETHER, 1);
    }

    // ---- helpers

    /// @dev One key alone sends to Bob. The nonce is on a lane of its own, so that nothing is asked of the account
    /// between an expectation and the withdrawal.
    function _spend(uint256 privateKey, address token_, uint256 amount) private {
        uint256 nonce = ++_lane << 64;
        bytes memory signature = _compact(privateKey, _withdrawal(token_, BOB, amount, nonce));
        account.withdraw(token_, BOB, amount, nonce, signature);
    }

    function _expectLimitExceeded(uint256 available, uint256 amount) private {
        vm.expectRevert(abi.encodeWithSelector(Limits.LimitExceeded.selector, available, amount));
    }

    function _available(uint256 privateKey, address token_) private view returns (uint256 available) {
        (, available) = _views().getLimit(_id(privateKey), token_);
    }
}
