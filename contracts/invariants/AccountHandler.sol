// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../src/account/Changes.sol";
import {Nonces} from "../src/account/Nonces.sol";
import {IAccountChanges} from "../src/IAccountChanges.sol";
import {IAccountViews} from "../src/IAccountViews.sol";
import {TrivetAccount} from "../src/TrivetAccount.sol";
import {AccountTest} from "../testing/AccountTest.sol";

/// @notice What can be wrong with an operation although the right keys signed it.
enum Flaw {
    None,
    OtherAccount,
    OtherChain,
    OtherForm,
    Twice,
    Unordered,
    UsedNonce,
    LaterNonce
}

/// @notice From what chance gives, how an operation is made.
/// @param index Which account it is for.
/// @param lane Which lane it is on.
/// @param signers Which keys sign.
/// @param flaw What is wrong with it.
struct Chance {
    uint256 index;
    uint256 lane;
    uint256 signers;
    uint256 flaw;
}

/// @notice How an operation is made.
/// @param index The account it is for.
/// @param nonce The nonce it carries.
/// @param mask Bit k is set when key k signs.
/// @param flaw What is wrong with it.
struct Attempt {
    uint256 index;
    uint256 nonce;
    uint256 mask;
    Flaw flaw;
}

/// @title AccountHandler
/// @notice Two accounts that share a device key and an mfa key, everything their owners and others may try with any
/// of eight keys, and a model of what each account must then be. The model is written down from the design, not from
/// the contract. It predicts of every attempt whether it succeeds; `disagreements` counts where the account did
/// otherwise.
contract AccountHandler is AccountTest {
    uint256 public constant ACCOUNTS = 2;
    uint256 public constant KEYS = 8;
    uint256 private constant LANES = 3;
    uint256 private constant REMEMBERED = 16;
    uint256 private constant HOME = 31337;

    /// @notice How often an account did something else than the model.
    uint256 public disagreements;
    /// @notice How many withdrawals, replacements, locks and ends of a lock went through.
    uint256[4] public successes;
    /// @notice How often the tripwire locked an account.
    uint256 public trips;
    /// @notice How many attempts were refused.
    uint256 public refusals;

    TrivetAccount[ACCOUNTS] public accounts;
    /// @notice The model: which role each of the eight keys has; 0 when it is no key of the account.
    mapping(uint256 index => mapping(uint256 key => uint8 role)) public roles;
    /// @notice The model: how many operations were done on each lane.
    mapping(uint256 index => mapping(uint256 lane => uint64)) public sequences;
    /// @notice The model: until when each account is frozen.
    mapping(uint256 index => uint256) public frozenUntil;
    /// @notice The model: when each key last locked the account.
    mapping(uint256 index => mapping(uint256 key => uint256)) public lockedAt;
    /// @notice The model: how many keys were removed since the tripwire began to count, and when it did.
    mapping(uint256 index => uint256) public removals;
    mapping(uint256 index => uint256) public removalsSince;
    /// @notice The model: what each account holds.
    mapping(uint256 index => mapping(address asset => uint256)) public holdings;
    /// @notice The model: what left the accounts.
    mapping(address asset => uint256) public paidOut;

    /// @dev Calls that went through once.
    bytes[] private _done;
    uint256[] private _doneBy;

    constructor() {
        super.setUp();
        uint8[4] memory first = [DEVICE, MFA, RECOVERY, 0];
        uint8[4] memory second = [DEVICE, MFA, 0, RECOVERY];
        for (uint256 key = 0; key < 4; ++key) {
            roles[0][key] = first[key];
            roles[1][key] = second[key];
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            accounts[i] = _create(_keyId(0), _keyId(1), _keyId(2 + i));
            holdings[i][ETHER] = 1_000_000;
            holdings[i][address(token)] = 1_000_000;
            vm.deal(address(accounts[i]), 1_000_000);
            token.mint(address(accounts[i]), 1_000_000);
        }
    }

    /// @dev Everything is set up once, by the constructor.
    function setUp() public override {}

    // ---- what is done at random

    /// @notice Somebody asks for a withdrawal.
    /// @param chance How the operation is made.
    /// @param asset Ether or the token.
    /// @param toOther Whether to the other account.
    /// @param amount How much; now and then more than there is.
    function withdraw(Chance calldata chance, bool asset, bool toOther, uint256 amount) external {
        Attempt memory attempt = _attempt(chance);
        address what = asset ? ETHER : address(token);
        address to = toOther ? address(accounts[1 - attempt.index]) : BOB;
        uint256 balance = holdings[attempt.index][what];
        amount = amount % 16 == 15 ? balance + 1 : bound(amount >> 4, 0, amount % 16 == 14 ? 0 : balance / 8);

        _begin(attempt);
        bytes32 digest = _withdrawal(what, to, amount, attempt.nonce);
        bytes memory signatures = _sign(attempt, digest);
        bool allowed = !_isFrozen(attempt.index) && _suffices(attempt, false) && amount <= balance;
        bytes memory call = abi.encodeCall(
            TrivetAccount.withdraw,
            (what, to, amount, attempt.nonce, signatures)
        );
        if (!_agree(attempt.index, call, allowed)) return;

        ++successes[0];
        ++sequences[attempt.index][attempt.nonce >> 64];
        holdings[attempt.index][what] -= amount;
        if (toOther) holdings[1 - attempt.index][what] += amount;
        else paidOut[what] += amount;
    }

    /// @notice Somebody asks for a key to be replaced.
    /// @param chance How the operation is made.
    /// @param role The role that is named.
    /// @param oldKey Which key is to go; often one that has the role.
    /// @param newKey Which key is to come; often one that has none.
    function replaceKey(Chance calldata chance, uint8 role, uint256 oldKey, uint256 newKey) external {
        Attempt memory attempt = _attempt(chance);
        role = role < 192 ? MFA + (role % 2) : role % 5;
        oldKey = oldKey % 4 != 0 ? _keyOf(attempt.index, role, oldKey >> 2) : (oldKey >> 2) % KEYS;
        newKey = newKey % 4 != 0 ? _keyOf(attempt.index, 0, newKey >> 2) : (newKey >> 2) % KEYS;

        _begin(attempt);
        bytes32 digest = _replacement(role, _keyId(oldKey), _keyId(newKey), attempt.nonce);
        bytes memory signatures = _sign(attempt, digest);
        bool allowed =
            !_isFrozen(attempt.index) &&
                _suffices(attempt, true) &&
                (role == MFA || role == RECOVERY) &&
                roles[attempt.index][oldKey] == role &&
                roles[attempt.index][newKey] == 0;
        bytes memory call = abi.encodeCall(
            TrivetAccount.replaceKey,
            (role, _keyId(oldKey), _keyId(newKey), attempt.nonce, "", signatures)
        );
        if (!_agree(attempt.index, call, allowed)) return;

        ++successes[1];
        ++sequences[attempt.index][attempt.nonce >> 64];
        roles[attempt.index][oldKey] = 0;
        lockedAt[attempt.index][oldKey] = 0;
        roles[attempt.index][newKey] = role;
        _noteRemoval(attempt.index);
    }

    /// @notice Somebody asks for a lock; any one key suffices.
    /// @param chance How the operation is made.
    function lock(Chance calldata chance) external {
        Attempt memory attempt = _attempt(chance);
        // Of several keys that sign, the first is the one that locks.
        if (chance.signers % 8 > 1) attempt.mask = 1 << (chance.signers >> 3) % KEYS;
        (bool allowed, uint256 first) = _mayLock(attempt);
        if (!_change(attempt, Change.Lock, "Lock(address account,uint256 nonce)", allowed)) return;

        ++successes[2];
        lockedAt[attempt.index][first] = block.timestamp;
        frozenUntil[attempt.index] = block.timestamp + 7 days;
    }

    /// @notice Somebody asks for the lock's end.
    /// @param chance How the operation is made.
    function unfreeze(Chance calldata chance) external {
        Attempt memory attempt = _attempt(chance);
        // Recovery keys without a device key would only propose it for later.
        if (!_signs(attempt, DEVICE)) return;
        bool allowed = _isFrozen(attempt.index) && _suffices(attempt, true);
        if (!_change(attempt, Change.Unfreeze, "Unfreeze(address account,uint256 nonce)", allowed)) return;

        ++successes[3];
        frozenUntil[attempt.index] = 0;
    }

    /// @notice Somebody sends once more what went through before, to the same account or to the other one.
    /// @param which Which of those remembered.
    /// @param toOther Whether to the other account.
    function replay(uint256 which, bool toOther) external {
        if (_done.length == 0) return;
        which = bound(which, 0, _done.length - 1);
        _agree(toOther ? 1 - _doneBy[which] : _doneBy[which], _done[which], false);
    }

    /// @notice Time passes.
    /// @param period How long, in seconds.
    function wait(uint256 period) external {
        // So that some things still fall into one day, and some locks last.
        vm.warp(block.timestamp + (period % 2 == 0 ? bound(period, 1, 40 days) : bound(period, 1, 3 hours)));
    }

    // ---- what must always hold

    /// @notice Reverts unless both accounts are exactly what the model says.
    function check() external view {
        assertEq(disagreements, 0);
        for (uint256 index = 0; index < ACCOUNTS; ++index) {
            TrivetAccount checked = accounts[index];
            IAccountViews views = IAccountViews(address(checked));
            uint256[4] memory counts;
            for (uint256 key = 0; key < KEYS; ++key) {
                (uint8 role, , ) = views.getKey(_keyId(key));
                assertEq(role, roles[index][key]);
                ++counts[role];
            }
            assertTrue(counts[DEVICE] != 0);
            for (uint8 role = MFA; role <= RECOVERY; ++role) {
                assertTrue(counts[role] != 0);
                assertEq(views.keyCount(role), counts[role]);
            }
            (, uint256 until, ) = views.getFreeze();
            assertTrue((until > block.timestamp) == _isFrozen(index));
            if (_isFrozen(index)) assertEq(until, frozenUntil[index]);
            for (uint256 i = 0; i < LANES; ++i) {
                uint256 lane = _lane(i);
                assertEq(checked.getNonce(uint192(lane)), (lane << 64) | sequences[index][lane]);
            }
            assertEq(address(checked).balance, holdings[index][ETHER]);
            assertEq(token.balanceOf(address(checked)), holdings[index][address(token)]);
        }
        assertEq(BOB.balance, paidOut[ETHER]);
        assertEq(token.balanceOf(BOB), paidOut[address(token)]);
    }

    // ---- the model

    /// @dev Whether nothing is wrong with an attempt and those who sign it have the authority: a device key and an
    /// mfa key, for a key's replacement also a device key and a recovery key. One that is no key spoils it.
    function _suffices(Attempt memory attempt, bool orRecovery) private view returns (bool) {
        bool[4] memory signed;
        for (uint256 key = 0; key < KEYS; ++key) {
            if ((attempt.mask >> key) & 1 == 1) signed[roles[attempt.index][key]] = true;
        }
        if (attempt.flaw != Flaw.None || signed[0]) return false;
        return signed[DEVICE] && (signed[MFA] || (orRecovery && signed[RECOVERY]));
    }

    function _isFrozen(uint256 index) private view returns (bool) {
        return block.timestamp < frozenUntil[index];
    }

    /// @dev Whether a key of a role signs.
    function _signs(Attempt memory attempt, uint8 role) private view returns (bool) {
        for (uint256 key = 0; key < KEYS; ++key) {
            if ((attempt.mask >> key) & 1 == 1 && roles[attempt.index][key] == role) return true;
        }
        return false;
    }

    /// @dev Any keys may lock, unless the first of them did within 30 days.
    function _mayLock(Attempt memory attempt) private view returns (bool allowed, uint256 first) {
        uint256[] memory order = _ascending(attempt.mask);
        if (order.length == 0) return (false, 0);
        first = order[0];
        uint256 last = lockedAt[attempt.index][first];
        bool rested = last == 0 || block.timestamp >= last + 30 days;
        // With one signature, its place cannot be wrong.
        bool flawless = attempt.flaw == Flaw.None || (attempt.flaw == Flaw.Unordered && order.length == 1);
        allowed = flawless && rested && !_signs(attempt, 0) && !_isFrozen(attempt.index);
    }

    /// @dev Three keys can go within a day; one more, and the account locks itself.
    function _noteRemoval(uint256 index) private {
        if (removals[index] == 0 || block.timestamp > removalsSince[index] + 1 days) {
            removals[index] = 1;
            removalsSince[index] = block.timestamp;
        } else if (++removals[index] > 3) {
            ++trips;
            frozenUntil[index] = block.timestamp + 7 days;
        }
    }

    /// @dev Tries a change that has no values.
    function _change(
        Attempt memory attempt,
        Change change,
        string memory messageType,
        bool allowed
    ) private returns (bool succeeded) {
        _begin(attempt);
        bytes32 digest = _digest(
            keccak256(abi.encode(keccak256(bytes(messageType)), account, attempt.nonce))
        );
        bytes memory signatures = _sign(attempt, digest);
        bytes memory call = abi.encodeCall(
            IAccountChanges.change,
            (change, new bytes32[](0), attempt.nonce, signatures)
        );
        succeeded = _agree(attempt.index, call, allowed);
        if (succeeded) ++sequences[attempt.index][attempt.nonce >> 64];
    }

    /// @dev Makes the call and compares. Remembers it when it went through.
    function _agree(uint256 index, bytes memory call, bool allowed) private returns (bool succeeded) {
        (succeeded, ) = address(accounts[index]).call(call);
        if (succeeded != allowed) ++disagreements;
        if (!succeeded) {
            ++refusals;
        } else if (_done.length < REMEMBERED) {
            _done.push(call);
            _doneBy.push(index);
        } else {
            uint256 slot = uint256(keccak256(call)) % REMEMBERED;
            (_done[slot], _doneBy[slot]) = (call, index);
        }
    }

    // ---- how an operation is made

    /// @dev Mostly nothing is wrong; the nonce is the account's next one unless that is what is wrong.
    function _attempt(Chance calldata chance) private view returns (Attempt memory attempt) {
        attempt.index = chance.index % ACCOUNTS;
        attempt.mask = _mask(attempt.index, chance.signers);
        uint256 lane = _lane(chance.lane % LANES);
        uint64 sequence = sequences[attempt.index][lane];
        if (chance.flaw % 32 <= uint256(type(Flaw).max)) attempt.flaw = Flaw(chance.flaw % 32);
        // The first operation of a lane has no nonce before it.
        if (attempt.flaw == Flaw.UsedNonce && sequence == 0) attempt.flaw = Flaw.LaterNonce;
        if (attempt.flaw == Flaw.UsedNonce) --sequence;
        if (attempt.flaw == Flaw.LaterNonce) ++sequence;
        attempt.nonce = (lane << 64) | sequence;
    }

    /// @dev Mostly a set that suffices, by the model; else any, or one key of the account alone.
    function _mask(uint256 index, uint256 signers) private view returns (uint256 mask) {
        if (signers % 4 == 0) return (signers >> 2) % (1 << KEYS);
        if (signers % 8 == 1) return 1 << _keyOf(index, uint8((signers >> 3) % 3) + DEVICE, signers >> 5);
        mask = 1 << _keyOf(index, DEVICE, signers >> 4);
        mask |= 1 << _keyOf(index, (signers >> 2) % 4 == 0 ? RECOVERY : MFA, signers >> 8);
    }

    /// @dev Before hashing: for which account and on which chain it is signed.
    function _begin(Attempt memory attempt) private {
        account = accounts[attempt.flaw == Flaw.OtherAccount ? 1 - attempt.index : attempt.index];
        if (attempt.flaw == Flaw.OtherChain) vm.chainId(HOME + 1);
    }

    /// @dev The signatures of those who sign, spoilt where something is to be wrong.
    function _sign(Attempt memory attempt, bytes32 digest) private returns (bytes memory signatures) {
        vm.chainId(HOME);
        uint256[] memory order = _ascending(attempt.mask);
        for (uint256 i = 0; i < order.length; ++i) {
            uint256 key = order[attempt.flaw == Flaw.Unordered ? order.length - 1 - i : i];
            bytes memory signature =
                attempt.flaw == Flaw.OtherForm
                    ? _readable(_privateKey(key), digest)
                    : _compact(_privateKey(key), digest);
            signatures = bytes.concat(signatures, signature);
            if (attempt.flaw == Flaw.Twice) signatures = bytes.concat(signatures, signature);
        }
    }

    /// @dev The keys of a set in the order of their ids.
    function _ascending(uint256 mask) private pure returns (uint256[] memory order) {
        uint256 length = 0;
        order = new uint256[](KEYS);
        for (uint256 key = 0; key < KEYS; ++key) {
            if ((mask >> key) & 1 == 0) continue;
            uint256 slot = length++;
            for (; slot > 0 && _keyId(order[slot - 1]) > _keyId(key); --slot) order[slot] = order[slot - 1];
            order[slot] = key;
        }
        assembly ("memory-safe") {
            mstore(order, length)
        }
    }

    /// @dev Some key that has a role by the model; key 0 when there is none.
    function _keyOf(uint256 index, uint8 role, uint256 any) private view returns (uint256) {
        for (uint256 i = 0; i < KEYS; ++i) {
            uint256 key = addmod(any, i, KEYS);
            if (roles[index][key] == role) return key;
        }
        return 0;
    }

    function _privateKey(uint256 key) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("key", key)));
    }

    function _keyId(uint256 key) private pure returns (bytes32) {
        return _id(_privateKey(key));
    }

    /// @dev The lane that shares a slot, the next one and the account's last one.
    function _lane(uint256 lane) private pure returns (uint256) {
        return lane < 2 ? lane : Nonces.FIRST_ENTRY_POINT_LANE - 1;
    }
}
