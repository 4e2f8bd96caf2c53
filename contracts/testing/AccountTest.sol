// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {TestToken} from "../devnet/TestToken.sol";
import {AccountFactory} from "../src/AccountFactory.sol";
import {AliasRegistry} from "../src/AliasRegistry.sol";
import {Change} from "../src/account/Changes.sol";
import {IAccountChanges} from "../src/IAccountChanges.sol";
import {IAccountViews} from "../src/IAccountViews.sol";
import {ReadableForms} from "../src/ReadableForms.sol";
import {TrivetAccount} from "../src/TrivetAccount.sol";
import {Test} from "./Test.sol";

/// @title AccountTest
/// @notice An account with three keys and some money, and what its owner's wallet would do: hash, sign, pack. It
/// writes the hashing down once more on its own, so that a slip in the account's cannot hide.
abstract contract AccountTest is Test {
    uint8 internal constant DEVICE = 1;
    uint8 internal constant MFA = 2;
    uint8 internal constant RECOVERY = 3;
    address internal constant ETHER = address(0);
    address internal constant BOB = address(0xB0B);
    uint256 internal constant CURVE_ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    ReadableForms internal immutable READABLE = ReadableForms(
        _deploy("src/ReadableForms.sol:ReadableForms", "")
    );
    AliasRegistry internal immutable ALIASES = AliasRegistry(
        _deploy("src/AliasRegistry.sol:AliasRegistry", "")
    );
    TrivetAccount internal immutable IMPLEMENTATION = _deployImplementation();
    AccountFactory internal immutable FACTORY = AccountFactory(
        _deploy("src/AccountFactory.sol:AccountFactory", abi.encode(IMPLEMENTATION))
    );

    uint256 internal devicePrivateKey = uint256(keccak256("device"));
    uint256 internal mfaPrivateKey = uint256(keccak256("mfa"));
    uint256 internal recoveryPrivateKey = uint256(keccak256("recovery"));
    uint256 internal strangerPrivateKey = uint256(keccak256("stranger"));

    TrivetAccount internal account;
    TestToken internal token;

    function setUp() public virtual {
        account = _create(_id(devicePrivateKey), _id(mfaPrivateKey), _id(recoveryPrivateKey));
        token = TestToken(_deploy("devnet/TestToken.sol:TestToken", abi.encode("Trivet Dollar", "TUSD", 6)));
        token.mint(address(account), 1_000_000_000);
        vm.deal(address(account), 10 ether);
    }

    /// @dev The account's parts know each other: the implementation's address is worked out before it is there.
    function _deployImplementation() private returns (TrivetAccount) {
        address views = _deploy("src/AccountViews.sol:AccountViews", "");
        address implementation = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        address changes = _deploy(
            "src/AccountChanges.sol:AccountChanges",
            abi.encode(implementation, views, READABLE, ALIASES)
        );
        return
            TrivetAccount(
                payable(_deploy("src/TrivetAccount.sol:TrivetAccount", abi.encode(changes, READABLE)))
            );
    }

    /// @dev The account as what {AccountChanges} makes of it.
    function _changes() internal view returns (IAccountChanges) {
        return IAccountChanges(address(account));
    }

    /// @dev The account as what {AccountViews} makes of it.
    function _views() internal view returns (IAccountViews) {
        return IAccountViews(address(account));
    }

    // ---- keys

    function _create(bytes32 device, bytes32 mfa, bytes32 recovery) internal returns (TrivetAccount) {
        return TrivetAccount(payable(FACTORY.createAccount(device, mfa, recovery, 0)));
    }

    function _id(uint256 privateKey) internal pure returns (bytes32) {
        return _id(vm.addr(privateKey), 0);
    }

    function _id(address signer, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(bytes.concat(bytes20(signer), salt));
    }

    /// @dev What the account knows about a key.
    function _key(bytes32 keyId) internal view returns (uint8 role, uint48 activeFrom, uint48 expires) {
        return _views().getKey(keyId);
    }

    // ---- messages

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trivet"),
                keccak256("1"),
                block.chainid,
                address(IMPLEMENTATION)
            )
        );
        return keccak256(bytes.concat(hex"1901", domain, structHash));
    }

    function _withdrawal(
        address token_,
        address to,
        uint256 amount,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
        );
        return _digest(keccak256(abi.encode(typeHash, account, token_, to, amount, nonce)));
    }

    function _readableWithdrawal(
        string memory text,
        address token_,
        address to,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 textHash = keccak256(bytes(text));
        if (token_ == ETHER) {
            bytes32 etherType = keccak256("Withdraw(string Amount,address To,address Account,uint256 Nonce)");
            return _digest(keccak256(abi.encode(etherType, textHash, to, account, nonce)));
        }
        bytes32 tokenType = keccak256(
            "WithdrawToken(string Amount,address Token,address To,address Account,uint256 Nonce)"
        );
        return _digest(keccak256(abi.encode(tokenType, textHash, token_, to, account, nonce)));
    }

    function _replacement(
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "KeyReplacement(address account,uint8 role,bytes32 oldKey,bytes32 newKey,uint256 nonce)"
        );
        return _digest(keccak256(abi.encode(typeHash, account, role, oldKey, newKey, nonce)));
    }

    function _readableReplacement(
        string memory role,
        address oldSigner,
        address newSigner,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "ChangeSigner(string Role,address NewSigner,address OldSigner,address Account,uint256 Nonce)"
        );
        bytes32 roleHash = keccak256(bytes(role));
        return _digest(keccak256(abi.encode(typeHash, roleHash, newSigner, oldSigner, account, nonce)));
    }

    function _changeType(Change change) private pure returns (string memory) {
        string[18] memory types = [
            "AddKey(address account,uint8 role,bytes32 key,uint48 expires,uint256 nonce)",
            "ActivateKey(address account,bytes32 key,uint256 nonce)",
            "RejectKey(address account,bytes32 key,uint256 nonce)",
            "RemoveKey(address account,bytes32 key,uint256 nonce)",
            "SetThreshold(address account,uint8 role,uint8 threshold,uint256 nonce)",
            "SetEmergencyAddress(address account,address recipient,bool enabled,uint256 nonce)",
            "SetAllowlisted(address account,address recipient,bool allowed,uint256 nonce)",
            "SetScope(address account,bytes32 key,address target,bytes4 selector,bool allowed,uint256 nonce)",
            "SetLimit(address account,bytes32 key,address token,uint104 limit,uint256 nonce)",
            "SetHours(address account,bytes32 key,uint24 closedHours,uint256 nonce)",
            "SetDelays(address account,uint32 recoveryDelay,uint32 removalDelay,uint32 singleKeyDelay,uint32 overrideDelay,uint256 nonce)",
            "SetRules(address account,uint8 singleKeyRoles,bool pendingKeysMayCall,uint8 tripwireCount,uint32 tripwireWindow,uint256 nonce)",
            "SetSuccessor(address account,address successor,uint256 nonce)",
            "Lock(address account,uint256 nonce)",
            "Archive(address account,uint256 nonce)",
            "Unfreeze(address account,uint256 nonce)",
            "Cancel(address account,bytes32 operation,uint256 nonce)",
            "Rearm(address account,bytes32 operation,uint256 nonce)"
        ];
        return types[uint256(change)];
    }

    /// @dev The id of a change: its hashStruct.
    function _changeId(
        Change change,
        bytes32[] memory values,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(bytes(_changeType(change)));
        return keccak256(abi.encodePacked(typeHash, abi.encode(account), values, nonce));
    }

    function _change(Change change, bytes32[] memory values, uint256 nonce) internal view returns (bytes32) {
        return _digest(_changeId(change, values, nonce));
    }

    // ---- words of a change

    function _words() internal pure returns (bytes32[] memory) {
        return new bytes32[](0);
    }

    function _words(bytes32 one) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](1);
        words[0] = one;
    }

    function _words(bytes32 one, bytes32 two) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](2);
        (words[0], words[1]) = (one, two);
    }

    function _words(bytes32 one, bytes32 two, bytes32 three) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](3);
        (words[0], words[1], words[2]) = (one, two, three);
    }

    function _words(
        bytes32 one,
        bytes32 two,
        bytes32 three,
        bytes32 four
    ) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](4);
        (words[0], words[1], words[2], words[3]) = (one, two, three, four);
    }

    function _word(uint256 number) internal pure returns (bytes32) {
        return bytes32(number);
    }

    function _word(address where) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(where)));
    }

    function _word(bool flag) internal pure returns (bytes32) {
        return bytes32(uint256(flag ? 1 : 0));
    }

    // ---- signatures

    function _rsv(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return bytes.concat(r, s, bytes1(v));
    }

    function _compact(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        return bytes.concat(hex"00", _rsv(privateKey, digest));
    }

    function _readable(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        return bytes.concat(hex"01", _rsv(privateKey, digest));
    }

    function _spelledOut(bytes memory signer, bytes memory signature) internal pure returns (bytes memory) {
        return
            bytes.concat(
                hex"04",
                bytes2(uint16(signer.length)),
                signer,
                bytes2(uint16(signature.length)),
                signature
            );
    }

    /// @dev Two signatures in the order of their key ids.
    function _inOrder(
        bytes32 firstKey,
        bytes memory first,
        bytes32 secondKey,
        bytes memory second
    ) internal pure returns (bytes memory) {
        return firstKey < secondKey ? bytes.concat(first, second) : bytes.concat(second, first);
    }

    /// @dev Both keys sign the same digest in compact form.
    function _both(
        uint256 firstPrivateKey,
        uint256 secondPrivateKey,
        bytes32 digest
    ) internal pure returns (bytes memory) {
        return
            _inOrder(
                _id(firstPrivateKey),
                _compact(firstPrivateKey, digest),
                _id(secondPrivateKey),
                _compact(secondPrivateKey, digest)
            );
    }

    /// @dev Device and mfa sign a withdrawal in compact form.
    function _signWithdrawal(
        address token_,
        address to,
        uint256 amount,
        uint256 nonce
    ) internal view returns (bytes memory) {
        return _both(devicePrivateKey, mfaPrivateKey, _withdrawal(token_, to, amount, nonce));
    }
}
