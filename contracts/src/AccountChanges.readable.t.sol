// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change} from "./account/Changes.sol";
import {Keys} from "./account/Keys.sol";
import {Scheduled} from "./account/Schedule.sol";
import {IAccountChanges} from "./IAccountChanges.sol";

/// @notice What a hardware wallet shows of every change. The device key and the mfa key sign exactly that, and the
/// account takes it for that change.
contract AccountChangesReadableTest is ChangeTest {
    bytes32 private constant MESSAGE = keccak256(
        "ChangeAccount(string Change,string Value,address Account,uint256 Nonce)"
    );
    bytes32 private constant KEY = bytes32(uint256(0xabc));
    string private constant KEY_TEXT = "0x0000000000000000000000000000000000000000000000000000000000000abc";
    string private constant BOB_TEXT = "0x0000000000000000000000000000000000000b0b";

    function test_AddedKeys() public {
        _shown(Change.AddKey, _words(_word(uint256(DEVICE)), KEY, 0), "Add device key", KEY_TEXT);
        bytes32 second = bytes32(uint256(0xabd));
        string memory expiring =
            "0x0000000000000000000000000000000000000000000000000000000000000abd, expires 1900000000";
        _shown(
            Change.AddKey,
            _words(_word(uint256(MFA)), second, _word(1_900_000_000)),
            "Add MFA key",
            expiring
        );
        bytes32 third = bytes32(uint256(0xabe));
        string memory thirdText = "0x0000000000000000000000000000000000000000000000000000000000000abe";
        _shown(Change.AddKey, _words(_word(uint256(RECOVERY)), third, 0), "Add recovery key", thirdText);
        (uint8 role, , uint48 expires) = _key(second);
        assertEq(role, MFA);
        assertEq(expires, 1_900_000_000);
    }

    function test_PendingKeysThatAreActivatedOrRejected() public {
        _addKey(DEVICE, laptopPrivateKey, 0, _byRecovery());
        _shown(
            Change.ActivateKey,
            _words(_id(laptopPrivateKey)),
            "Activate key",
            _hex(_id(laptopPrivateKey))
        );
        assertTrue(_isActive(laptopPrivateKey));
        _addKey(DEVICE, friendPrivateKey, 0, _byRecovery());
        _shown(Change.RejectKey, _words(_id(friendPrivateKey)), "Reject key", _hex(_id(friendPrivateKey)));
        assertEq(_roleOf(friendPrivateKey), 0);
    }

    function test_RemovedKeysAndThresholds() public {
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        _shown(
            Change.SetThreshold,
            _words(_word(uint256(RECOVERY)), _word(2)),
            "Set recovery threshold",
            "2"
        );
        assertEq(_views().threshold(RECOVERY), 2);
        _shown(
            Change.SetThreshold,
            _words(_word(uint256(RECOVERY)), _word(1)),
            "Set recovery threshold",
            "1"
        );
        _shown(Change.SetThreshold, _words(_word(uint256(MFA)), _word(1)), "Set MFA threshold", "1");
        _shown(Change.RemoveKey, _words(_id(friendPrivateKey)), "Remove key", _hex(_id(friendPrivateKey)));
        assertEq(_roleOf(friendPrivateKey), 0);
    }

    function test_ListsOfAddresses() public {
        bytes32 bob = _word(BOB);
        _shown(Change.SetEmergencyAddress, _words(bob, _word(true)), "Add emergency address", BOB_TEXT);
        assertTrue(_views().isEmergencyAddress(BOB));
        _shown(Change.SetEmergencyAddress, _words(bob, 0), "Remove emergency address", BOB_TEXT);
        _shown(Change.SetAllowlisted, _words(bob, _word(true)), "Allow recipient", BOB_TEXT);
        assertTrue(_views().isAllowlisted(BOB));
        _shown(Change.SetAllowlisted, _words(bob, 0), "Disallow recipient", BOB_TEXT);
        _shown(Change.SetSuccessor, _words(bob), "Set successor", BOB_TEXT);
    }

    function test_WhatOneKeyMay() public {
        bytes32 id = _id(devicePrivateKey);
        bytes32 selector = bytes32(bytes4(0xa9059cbb));
        string memory call = string.concat(_hex(id), " ", BOB_TEXT, ".0xa9059cbb");
        _shown(Change.SetScope, _words(id, _word(BOB), selector, _word(true)), "Allow calls", call);
        assertTrue(_views().isInScope(id, BOB, 0xa9059cbb));
        _shown(Change.SetScope, _words(id, _word(BOB), selector, 0), "Disallow calls", call);
        string memory limit = string.concat(_hex(id), " 2500 of ", BOB_TEXT);
        _shown(Change.SetLimit, _words(id, _word(BOB), _word(2500)), "Set daily limit", limit);
        (uint256 seen, ) = _views().getLimit(id, BOB);
        assertEq(seen, 2500);
        _shown(Change.SetHours, _words(id, _word(7)), "Set closed hours", string.concat(_hex(id), " 7"));
    }

    function test_Rules() public {
        string memory delays = "recovery 691200 s, removal 86400 s, single key 259200 s, override 604800 s";
        bytes32[] memory values = _words(_word(691_200), _word(86_400), _word(259_200), _word(604_800));
        _shown(Change.SetDelays, values, "Set delays", delays);
        string memory rules = "single key roles 6, pending keys may call: yes, tripwire 5 in 3600 s";
        values = _words(_word(6), _word(true), _word(5), _word(3600));
        _shown(Change.SetRules, values, "Set rules", rules);
        rules = "single key roles 0, pending keys may call: no, tripwire 0 in 0 s";
        _shown(Change.SetRules, _words(0, 0, 0, 0), "Set rules", rules);
    }

    function test_LocksArchivesAndTheirEnd() public {
        _shown(Change.Lock, _words(), "Lock account", "for 7 days");
        _shown(Change.Unfreeze, _words(), "Unfreeze account", "now or after the recovery delay");
        _shown(Change.Archive, _words(), "Archive account", "until unfrozen");
    }

    function test_WhatWaitsIsArmedAgainAndCancelled() public {
        _addLaptop();
        bytes32 removal = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        _perform(Change.Lock, _words(), _byMfa());
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _shown(Change.Rearm, _words(removal), "Re-arm operation", _hex(removal));
        Scheduled memory entry = _scheduled(removal);
        assertEq(entry.executableAt, clock + REMOVAL_DELAY);
        // The device key proposed it, and so has no say in its cancellation.
        _readablyBy(mfaPrivateKey, Change.Cancel, _words(removal), "Cancel operation", _hex(removal));
        assertEq(_scheduled(removal).executableAt, 0);
    }

    function test_AnotherTextIsNotThisChange() public {
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _readable(mfaPrivateKey, _textDigest("Lock account", "for 8 days", nonce));
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        _changes().change(Change.Lock, _words(), nonce, blob);
    }

    // ---- helpers

    /// @dev The device key and the mfa key see these texts and sign; the account takes it.
    function _shown(
        Change change,
        bytes32[] memory values,
        string memory title,
        string memory value
    ) private {
        (string memory shownTitle, string memory shownValue) = READABLE.changeTexts(change, values);
        assertEq(shownTitle, title);
        assertEq(shownValue, value);
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _textDigest(title, value, nonce);
        bytes memory blob = _inOrder(
            _id(devicePrivateKey),
            _readable(devicePrivateKey, digest),
            _id(mfaPrivateKey),
            _readable(mfaPrivateKey, digest)
        );
        vm.expectEmit();
        emit IAccountChanges.Changed(change, _changeId(change, values, nonce), values, nonce);
        _changes().change(change, values, nonce, blob);
    }

    function _readablyBy(
        uint256 privateKey,
        Change change,
        bytes32[] memory values,
        string memory title,
        string memory value
    ) private {
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _readable(privateKey, _textDigest(title, value, nonce));
        _changes().change(change, values, nonce, blob);
    }

    function _textDigest(
        string memory title,
        string memory value,
        uint256 nonce
    ) private view returns (bytes32) {
        return
            _digest(
                keccak256(
                    abi.encode(MESSAGE, keccak256(bytes(title)), keccak256(bytes(value)), account, nonce)
                )
            );
    }

    /// @dev "0x" and 64 lower-case digits.
    function _hex(bytes32 word) private pure returns (string memory) {
        bytes16 digits = "0123456789abcdef";
        bytes memory text = new bytes(66);
        (text[0], text[1]) = ("0", "x");
        for (uint256 i = 0; i < 64; ++i) {
            text[2 + i] = digits[(uint256(word) >> (252 - 4 * i)) & 15];
        }
        return string(text);
    }
}
