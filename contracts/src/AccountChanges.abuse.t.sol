// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change} from "./account/Changes.sol";
import {Frozen} from "./account/Policy.sol";
import {Call} from "./ITrivetAccount.sol";

/// @dev What a thief or a slip once got out of the account, and no longer does.
contract AccountChangesAbuseTest is ChangeTest {
    // Scopes and limits outlive their key.

    function test_AKeyThatComesBackThroughRecoveryHasNoneOfItsOldScope() public {
        _setRules(0, true, 0, 0);
        _addLaptop();
        bytes32 laptop = _id(laptopPrivateKey);
        bytes32 selector = bytes32(token.transfer.selector);
        _perform(
            Change.SetScope,
            _words(laptop, _word(address(token)), selector, _word(true)),
            _byDeviceAndMfa()
        );
        // Stolen, and removed.
        _perform(Change.RemoveKey, _words(laptop), _byDeviceAndMfa());
        _wait(1);
        // The thief has the recovery key as well, and nothing else.
        _addPendingLaptop();
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(token), 0, abi.encodeCall(token.transfer, (BOB, 1_000_000_000)));
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_by(laptopPrivateKey), _executionDigest(calls, nonce));
        (bool done, ) = address(account).call(abi.encodeCall(account.execute, (calls, nonce, blob)));
        assertEq(token.balanceOf(BOB), 0);
        assertFalse(done);
    }

    function test_AKeyThatComesBackHasNoLimitWithoutItsClosedHours() public {
        _addLaptop();
        bytes32 laptop = _id(laptopPrivateKey);
        _perform(Change.SetLimit, _words(laptop, _word(ETHER), _word(uint256(1 ether))), _byDeviceAndMfa());
        _perform(Change.SetHours, _words(laptop, _word(uint256(0xffffff))), _byDevice());
        _perform(Change.RemoveKey, _words(laptop), _byDeviceAndMfa());
        _wait(1);
        _addPendingLaptop();
        _wait(RECOVERY_DELAY);
        (uint256 limit, ) = _views().getLimit(laptop, ETHER);
        assertEq(_details(laptopPrivateKey).closedHours, 0);
        assertEq(limit, 0);
    }

    // A veto-proof key is vetoed by way of its removal: 3 days, the delay it waits for is 7 to 180.

    function test_ADeviceKeyAloneDoesNotRemoveAKeyItCannotReject() public {
        _setDelays(0, 0, 0, 14 days);
        _addKey(DEVICE, laptopPrivateKey, 0, _byMfaAndRecovery());
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_byDevice(), _change(Change.RemoveKey, values, nonce));
        (bool done, ) = address(account).call(
            abi.encodeCall(_changes().change, (Change.RemoveKey, values, nonce, blob))
        );
        if (done) {
            _wait(3 days);
            _runAt(Change.RemoveKey, values, nonce);
        }
        assertEq(_roleOf(laptopPrivateKey), DEVICE);
    }

    // A veto-proof key is vetoed by a lock, as often as it is added, where overrideDelay is 23 days or more.

    function test_OneDeviceKeyDoesNotVetoForEverWhatMayOverruleIt() public {
        _setDelays(0, 0, 0, 30 days);
        bool active = false;
        for (uint256 day = 0; day < 200 && !active; ++day) {
            // The owner, with mfa and recovery, whenever it is possible.
            (uint8 role, uint48 activeFrom, ) = _key(_id(laptopPrivateKey));
            bool asleep = activeFrom == type(uint48).max;
            if (_frozen() == Frozen.No && (role == 0 || asleep)) {
                _addKey(DEVICE, laptopPrivateKey, 0, _byMfaAndRecovery());
            }
            // The thief, with the device key, whenever it is possible.
            uint256 nonce = account.getNonce(0);
            bytes memory blob = _signAll(_byDevice(), _change(Change.Lock, _words(), nonce));
            (bool locked, ) = address(account).call(
                abi.encodeCall(_changes().change, (Change.Lock, _words(), nonce, blob))
            );
            locked;
            _wait(1 days);
            active = _isActive(laptopPrivateKey);
        }
        assertTrue(active);
    }

    // An expired key replaced by itself: the event says it came, and it is gone.

    function test_AnExpiredKeyReplacedByItselfIsThereOrRefused() public {
        _addKey(MFA, friendPrivateKey, clock + 1 days, _byDeviceAndMfa());
        _wait(1 days);
        bytes32 key = _id(friendPrivateKey);
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _replacement(MFA, key, key, nonce));
        (bool done, ) = address(account).call(
            abi.encodeCall(account.replaceKey, (MFA, key, key, nonce, "", blob))
        );
        if (done) assertEq(_roleOf(friendPrivateKey), MFA);
    }

    // A single-key operation runs although the owner has switched those off.

    function test_ASingleKeyOperationDoesNotRunOnceThoseAreSwitchedOff() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        account.withdraw(
            ETHER,
            BOB,
            1 ether,
            1,
            _signAll(_byRecovery(), _withdrawal(ETHER, BOB, 1 ether, 1))
        );
        _setRules(0, false, 0, 0);
        _wait(7 days);
        (bool done, ) = address(account).call(abi.encodeCall(account.withdraw, (ETHER, BOB, 1 ether, 1, "")));
        assertFalse(done);
    }

    function test_DeviceAndRecoveryDoNotArmAgainWhatTheyCouldNotDoNow() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        account.withdraw(
            ETHER,
            BOB,
            1 ether,
            1,
            _signAll(_byRecovery(), _withdrawal(ETHER, BOB, 1 ether, 1))
        );
        _perform(Change.Lock, _words(), _byMfa());
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _setRules(0, false, 0, 0);
        bytes32 typeHash = keccak256(
            "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
        );
        bytes32 operation = keccak256(abi.encode(typeHash, account, ETHER, BOB, 1 ether, 1));
        _perform(Change.Rearm, _words(operation), _byDeviceAndRecovery());
        _wait(7 days);
        (bool done, ) = address(account).call(abi.encodeCall(account.withdraw, (ETHER, BOB, 1 ether, 1, "")));
        assertFalse(done);
    }

    function _executionDigest(Call[] memory calls, uint256 nonce) private view returns (bytes32) {
        bytes32 callType = keccak256("Call(address target,uint256 value,bytes data)");
        bytes32 call = keccak256(
            abi.encode(callType, calls[0].target, calls[0].value, keccak256(calls[0].data))
        );
        bytes32 typeHash = keccak256(
            "Execution(address account,Call[] calls,uint256 nonce)Call(address target,uint256 value,bytes data)"
        );
        return _digest(keccak256(abi.encode(typeHash, account, keccak256(bytes.concat(call)), nonce)));
    }
}
