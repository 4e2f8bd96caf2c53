// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change} from "./account/Changes.sol";
import {Freeze} from "./account/Freeze.sol";
import {Frozen} from "./account/Policy.sol";

contract AccountChangesTripwireTest is ChangeTest {
    uint256 private _removed;
    uint256[] private _removedAt;

    function test_TheFourthRemovalInADayLocks() public {
        for (uint256 i = 0; i < 3; ++i) _removeAKey();
        _expectFrozen(Frozen.No);
        _removeAKeyExpectingALock();
        _wait(7 days);
        _expectFrozen(Frozen.No);
    }

    function test_RemovalsSpreadOverTimeDoNotLock() public {
        for (uint256 i = 0; i < 12; ++i) {
            _removeAKey();
            _wait(8 hours + 1);
        }
        _expectFrozen(Frozen.No);
    }

    function test_TheWindowEndsWithItsLastSecond() public {
        for (uint256 i = 0; i < 3; ++i) _removeAKey();
        _wait(1 days + 1);
        _removeAKey();
        _expectFrozen(Frozen.No);
        _removeAKey();
        _removeAKey();
        _wait(1 days);
        _removeAKeyExpectingALock();
    }

    /// @dev A window that begins with the first removal would begin anew after it, and let three more pass.
    function test_AtNoBorderMoreRemovalsPassThanInAnyWindow() public {
        _removeAKey();
        _wait(1 days);
        _removeAKey();
        _removeAKey();
        _wait(1);
        _removeAKey();
        _removeAKeyExpectingALock();
    }

    /// @dev A lock that ends early gives nobody a fresh start.
    function test_UnfreezingForgetsNoRemoval() public {
        for (uint256 i = 0; i < 3; ++i) _removeAKey();
        _removeAKeyExpectingALock();
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _removeAKeyExpectingALock();
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _wait(1 days + 1);
        for (uint256 i = 0; i < 3; ++i) _removeAKey();
        _expectFrozen(Frozen.No);
    }

    /// @dev Removals at any times, against a list of all of them.
    function testFuzz_ItLocksExactlyWhenAnyWindowSeesTooMany(
        uint8 count,
        uint32 window,
        uint256[16] calldata gaps
    ) public {
        count = uint8(bound(count, 1, 6));
        window = uint32(bound(window, 1 hours, 30 days));
        _setRules(0, false, count, window);
        for (uint256 i = 0; i < gaps.length; ++i) {
            // As often within the window as far beyond it, and on its very border.
            uint256 gap = bound(gaps[i], 0, 9);
            if (gap < 8) _wait((gap * window) / (2 * count));
            else _wait(gap == 8 ? window : 31 days);
            uint256 seen = 0;
            for (uint256 j = 0; j < _removedAt.length; ++j) if (_removedAt[j] + window >= clock) ++seen;
            _removeAKey();
            _removedAt.push(clock);
            _expectFrozen(seen >= count ? Frozen.Locked : Frozen.No);
            if (seen >= count) _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        }
    }

    function test_ReplacementsCountToo() public {
        _removeAKey();
        _removeAKey();
        _replaceMfa(0);
        _expectFrozen(Frozen.No);
        _replaceMfa(1);
        _expectFrozen(Frozen.Locked);
    }

    function test_RemovalsOfDeviceKeysCountAtOnceOrDelayed() public {
        _removeAKey();
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        _perform(Change.RemoveKey, values, _byDevice());
        uint256 nonce = account.getNonce(0) - 1;
        _wait(REMOVAL_DELAY);
        for (uint256 i = 0; i < 3; ++i) _removeAKey();
        _expectFrozen(Frozen.No);
        _runAt(Change.RemoveKey, values, nonce);
        _expectFrozen(Frozen.Locked);
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    function test_RejectingIsNotRemoving() public {
        for (uint256 i = 0; i < 6; ++i) {
            _addPendingLaptop();
            _perform(Change.RejectKey, _words(_id(laptopPrivateKey)), _byDevice());
        }
        _expectFrozen(Frozen.No);
    }

    function testFuzz_TheOwnerSetsHowManyAndWithinWhatTime(uint8 count, uint32 window) public {
        count = uint8(bound(count, 1, 6));
        window = uint32(bound(window, 1 hours, 30 days));
        _setRules(0, false, count, window);
        for (uint256 i = 0; i < count; ++i) _removeAKey();
        _wait(window);
        _removeAKeyExpectingALock();
        _wait(31 days);
        for (uint256 i = 0; i < count; ++i) _removeAKey();
        _wait(window + 1);
        for (uint256 i = 0; i < count; ++i) _removeAKey();
        _expectFrozen(Frozen.No);
    }

    function test_SwitchedOffItNeverLocksButRemembers() public {
        _setRules(0, false, 255, 30 days);
        for (uint256 i = 0; i < 260; ++i) _removeAKey();
        _expectFrozen(Frozen.No);
        _setRules(0, false, 0, 0);
        _removeAKeyExpectingALock();
    }

    function test_ItCountsSixAtMost() public {
        _setRules(0, false, 6, 30 days);
        for (uint256 i = 0; i < 6; ++i) _removeAKey();
        _expectFrozen(Frozen.No);
        _wait(30 days);
        _removeAKeyExpectingALock();
    }

    function test_TheTripwireUsesUpNobodysLock() public {
        for (uint256 i = 0; i < 3; ++i) _removeAKey();
        _removeAKeyExpectingALock();
        _wait(7 days);
        _perform(Change.Lock, _words(), _byDevice());
        _expectFrozen(Frozen.Locked);
    }

    // ---- helpers

    function _addAKey() private returns (bytes32[] memory values) {
        bytes32 key = keccak256(abi.encode("some key", ++_removed));
        _perform(Change.AddKey, _words(_word(RECOVERY), key, _word(uint256(0))), _byDeviceAndMfa());
        return _words(key);
    }

    function _removeAKey() private {
        _perform(Change.RemoveKey, _addAKey(), _byDeviceAndMfa());
    }

    function _removeAKeyExpectingALock() private {
        bytes32[] memory values = _addAKey();
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _change(Change.RemoveKey, values, nonce));
        vm.expectEmit();
        emit Freeze.Locked(0, clock + 7 days);
        _changes().change(Change.RemoveKey, values, nonce, blob);
        _expectFrozen(Frozen.Locked);
    }

    function _replaceMfa(uint256 salt) private {
        uint256 nonce = account.getNonce(0);
        uint256 next = uint256(keccak256(abi.encode("mfa", salt)));
        bytes32 digest = _replacement(MFA, _id(mfaPrivateKey), _id(next), nonce);
        bytes memory blob = _signAll(_byDeviceAndRecovery(), digest);
        account.replaceKey(MFA, _id(mfaPrivateKey), _id(next), nonce, "", blob);
        mfaPrivateKey = next;
    }
}
