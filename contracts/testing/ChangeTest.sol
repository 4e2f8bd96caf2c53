// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../src/account/Changes.sol";
import {Key} from "../src/account/Keys.sol";
import {Frozen} from "../src/account/Policy.sol";
import {Scheduled} from "../src/account/Schedule.sol";
import {AccountTest} from "./AccountTest.sol";

/// @title ChangeTest
/// @notice An account whose keys change it: a test says what and who signs, and the nonce and the signatures are added
/// here. Two more keys wait to be used.
abstract contract ChangeTest is AccountTest {
    uint256 internal constant RECOVERY_DELAY = 7 days;
    uint256 internal constant REMOVAL_DELAY = 3 days;

    uint256 internal laptopPrivateKey = uint256(keccak256("laptop"));
    uint256 internal friendPrivateKey = uint256(keccak256("friend"));

    /// @dev The chain's time, begun at one like today's. Kept here, because the compiler takes block.timestamp for
    /// something that never changes within a test.
    uint256 internal clock = 1_800_000_000;

    function setUp() public virtual override {
        vm.warp(clock);
        super.setUp();
    }

    // ---- who signs

    function _by(uint256 one) internal pure returns (uint256[] memory signers) {
        signers = new uint256[](1);
        signers[0] = one;
    }

    function _by(uint256 one, uint256 two) internal pure returns (uint256[] memory signers) {
        signers = new uint256[](2);
        (signers[0], signers[1]) = (one, two);
    }

    function _by(uint256 one, uint256 two, uint256 three) internal pure returns (uint256[] memory signers) {
        signers = new uint256[](3);
        (signers[0], signers[1], signers[2]) = (one, two, three);
    }

    function _byDevice() internal view returns (uint256[] memory) {
        return _by(devicePrivateKey);
    }

    function _byMfa() internal view returns (uint256[] memory) {
        return _by(mfaPrivateKey);
    }

    function _byRecovery() internal view returns (uint256[] memory) {
        return _by(recoveryPrivateKey);
    }

    function _byDeviceAndMfa() internal view returns (uint256[] memory) {
        return _by(devicePrivateKey, mfaPrivateKey);
    }

    function _byDeviceAndRecovery() internal view returns (uint256[] memory) {
        return _by(devicePrivateKey, recoveryPrivateKey);
    }

    function _byMfaAndRecovery() internal view returns (uint256[] memory) {
        return _by(mfaPrivateKey, recoveryPrivateKey);
    }

    /// @dev All of them sign in compact form; the blob is in the order of their key ids.
    function _signAll(uint256[] memory signers, bytes32 digest) internal pure returns (bytes memory blob) {
        bytes32 previous = 0;
        for (uint256 count = 0; count < signers.length; ++count) {
            uint256 next = 0;
            bytes32 nextId = bytes32(type(uint256).max);
            for (uint256 i = 0; i < signers.length; ++i) {
                bytes32 id = _id(signers[i]);
                if (id > previous && id < nextId) (next, nextId) = (signers[i], id);
            }
            blob = bytes.concat(blob, _compact(next, digest));
            previous = nextId;
        }
    }

    // ---- what happens

    /// @dev The change goes through, at once or to the schedule.
    /// @return operation Its id.
    function _perform(
        Change change,
        bytes32[] memory values,
        uint256[] memory signers
    ) internal returns (bytes32 operation) {
        uint256 nonce = account.getNonce(0);
        operation = _changeId(change, values, nonce);
        _changes().change(change, values, nonce, _signAll(signers, _digest(operation)));
    }

    /// @dev The change is refused with exactly this error; the arguments of the error do not matter where only its
    /// selector is given.
    function _refused(
        bytes memory reason,
        Change change,
        bytes32[] memory values,
        uint256[] memory signers
    ) internal {
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(signers, _change(change, values, nonce));
        vm.expectRevert(reason);
        _changes().change(change, values, nonce, blob);
        assertEq(account.getNonce(0), nonce);
    }

    function _refused(
        bytes4 reason,
        Change change,
        bytes32[] memory values,
        uint256[] memory signers
    ) internal {
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(signers, _change(change, values, nonce));
        vm.expectPartialRevert(reason);
        _changes().change(change, values, nonce, blob);
    }

    /// @dev Anybody runs what was scheduled under the last nonce.
    function _run(Change change, bytes32[] memory values) internal {
        _runAt(change, values, account.getNonce(0) - 1);
    }

    function _runAt(Change change, bytes32[] memory values, uint256 nonce) internal {
        vm.prank(BOB);
        _changes().change(change, values, nonce, "");
    }

    function _wait(uint256 time) internal {
        clock += time;
        vm.warp(clock);
    }

    // ---- what is seen

    function _isActive(uint256 privateKey) internal view returns (bool active) {
        (, active) = _views().getKeyDetails(_id(privateKey));
    }

    function _details(uint256 privateKey) internal view returns (Key memory key) {
        (key, ) = _views().getKeyDetails(_id(privateKey));
    }

    function _roleOf(uint256 privateKey) internal view returns (uint256) {
        (uint8 role, , ) = _key(_id(privateKey));
        return role;
    }

    function _scheduled(bytes32 operation) internal view returns (Scheduled memory entry) {
        (entry, ) = _views().getScheduled(operation);
    }

    function _frozen() internal view returns (Frozen frozen) {
        (frozen, , ) = _views().getFreeze();
    }

    function _expectFrozen(Frozen expected) internal view {
        assertEq(uint256(_frozen()), uint256(expected));
    }

    // ---- what tests do often

    function _addKey(uint8 role, uint256 privateKey, uint256 expires, uint256[] memory signers) internal {
        _perform(Change.AddKey, _words(_word(role), _id(privateKey), _word(expires)), signers);
    }

    /// @dev The laptop becomes a second device key, active at once.
    function _addLaptop() internal {
        _addKey(DEVICE, laptopPrivateKey, 0, _byDeviceAndMfa());
    }

    /// @dev The laptop becomes a device key that recovery added, pending.
    function _addPendingLaptop() internal {
        _addKey(DEVICE, laptopPrivateKey, 0, _byRecovery());
    }

    function _setDelays(
        uint256 recoveryDelay,
        uint256 removalDelay,
        uint256 singleKeyDelay,
        uint256 overrideDelay
    ) internal {
        _perform(
            Change.SetDelays,
            _words(_word(recoveryDelay), _word(removalDelay), _word(singleKeyDelay), _word(overrideDelay)),
            _byDeviceAndMfa()
        );
    }

    function _setRules(
        uint256 singleKeyRoles,
        bool pendingKeysMayCall,
        uint256 tripwireCount,
        uint256 tripwireWindow
    ) internal {
        _perform(
            Change.SetRules,
            _words(
                _word(singleKeyRoles),
                _word(pendingKeysMayCall),
                _word(tripwireCount),
                _word(tripwireWindow)
            ),
            _byDeviceAndMfa()
        );
    }
}
