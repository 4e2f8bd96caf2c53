// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

import {AccountTest} from "../../testing/AccountTest.sol";
import {OwnedSigner} from "../../testing/hostile/OwnedSigner.sol";
import {ReentrantToken} from "../../testing/hostile/ReentrantToken.sol";
import {ITrivetAccount} from "../ITrivetAccount.sol";
import {Signatures} from "./Signatures.sol";

/// @dev Keys that turn out to be contracts of the worst sort. Whatever they do, they do no more than a key of their
/// role may, and the other keys get rid of them.
contract HostileSignersTest is AccountTest {
    /// @dev What a withdrawal may take besides what the signer burns.
    uint256 private constant PLENTY = 300_000;

    bytes private constant ANY_SIGNATURE = hex"1234";

    function test_ASignerThatChangesItsMindIsAskedOnce() public {
        _withMfa(_hostile("FickleSigner", abi.encode(true)));
        _withdraw(0);
        assertEq(BOB.balance, 1);
        _withMfa(_hostile("FickleSigner", abi.encode(false)));
        _expectRejected(0);
    }

    function test_ASignerThatChangesItsMindLaterSignsNoMore() public {
        OwnedSigner signer = OwnedSigner(_hostile("OwnedSigner", abi.encode(vm.addr(mfaPrivateKey))));
        _withMfa(address(signer));
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 0);
        bytes memory signatures = _signatures(address(signer), _rsv(mfaPrivateKey, digest), digest);
        signer.stop();
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, _mfaId));
        account.withdraw(ETHER, BOB, 1, 0, signatures);
        assertEq(account.getNonce(0), 0);
    }

    function test_ASignerThatBurnsItsGasRefusesAndCostsNoNonce() public {
        _withMfa(_hostile("BurningSigner", ""));
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 0);
        bytes memory signatures = _signatures(_mfa, ANY_SIGNATURE, digest);
        (bool success, ) = address(account).call{gas: 2_000_000}(
            abi.encodeCall(account.withdraw, (ETHER, BOB, 1, 0, signatures))
        );
        assertFalse(success);
        assertEq(account.getNonce(0), 0);
        assertEq(BOB.balance, 0);
        _replaceMfaByRecovery();
        account.withdraw(ETHER, BOB, 1, 1, _signWithdrawal(ETHER, BOB, 1, 1));
        assertEq(BOB.balance, 1);
    }

    /// @dev What the signer returns is never copied: the withdrawal costs what it costs the signer, and no more.
    function test_ASignerThatReturnsFarTooMuchIsHeardToTheEndOfItsFirstWord() public {
        _withMfa(_hostile("BombSigner", abi.encode(true)));
        uint256 before = gasleft();
        (bool answered, ) = _askWithoutCopying(_mfa);
        uint256 signerGas = before - gasleft();
        assertTrue(answered);
        before = gasleft();
        _withdraw(0);
        assertTrue(before - gasleft() < signerGas + PLENTY);
        assertTrue(signerGas > 100_000);
        assertEq(BOB.balance, 1);

        _withMfa(_hostile("BombSigner", abi.encode(false)));
        _expectRejected(0);
    }

    function test_OnlyTheFullAnswerIsAYes() public {
        bytes4 yes = IERC1271.isValidSignature.selector;
        bytes[7] memory answers = [
            bytes(""),
            abi.encodePacked(yes),
            bytes.concat(yes, bytes27(0)),
            bytes.concat(yes, bytes27(0), hex"01"),
            abi.encode(true),
            abi.encode(uint256(uint32(yes))),
            abi.encode(IERC7913SignatureVerifier.verify.selector)
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            _withMfa(_hostile("LiteralSigner", abi.encode(answers[i])));
            _expectRejected(0);
        }
        _withMfa(_hostile("LiteralSigner", abi.encode(abi.encode(yes))));
        _withdraw(0);
    }

    function test_PrecompilesSignNothing() public {
        for (uint160 i = 1; i <= 0x11; ++i) {
            _withMfa(address(i));
            _expectRejected(0);
        }
        _withMfa(address(0x100));
        _expectRejected(0);
    }

    /// @dev A Safe may be a key before it is deployed; nobody signs for its address until then.
    function test_ASignerWhoseCodeAppearsLaterSignsFromThenOn() public {
        bytes memory code = bytes.concat(
            vm.getCode("contracts/testing/hostile/OwnedSigner.sol:OwnedSigner"),
            abi.encode(vm.addr(mfaPrivateKey))
        );
        bytes32 hash = keccak256(bytes.concat(hex"ff", bytes20(address(this)), bytes32(0), keccak256(code)));
        address signer = address(uint160(uint256(hash)));
        _withMfa(signer);
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 0);
        bytes memory signatures = _signatures(signer, _rsv(mfaPrivateKey, digest), digest);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, _mfaId));
        account.withdraw(ETHER, BOB, 1, 0, signatures);

        address deployed;
        assembly {
            deployed := create2(0, add(code, 0x20), mload(code), 0)
        }
        assertEq(deployed, signer);
        account.withdraw(ETHER, BOB, 1, 0, signatures);
        assertEq(BOB.balance, 1);
    }

    /// @dev Code at a plain key's address, however it gets there, takes nothing from that key.
    function test_APlainKeySignsByItselfWhenCodeAppearsAtItsAddress() public {
        vm.etch(vm.addr(mfaPrivateKey), _hostile("BurningSigner", "").code);
        account.withdraw(ETHER, BOB, 1, 0, _signWithdrawal(ETHER, BOB, 1, 0));
        assertEq(BOB.balance, 1);
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 1);
        _mfa = vm.addr(mfaPrivateKey);
        _mfaId = _id(mfaPrivateKey);
        account.withdraw(ETHER, BOB, 1, 1, _signatures(_mfa, _rsv(mfaPrivateKey, digest), digest));
        assertEq(BOB.balance, 2);
    }

    function test_AHostileKeyIsReplacedWithoutBeingAsked() public {
        string[4] memory names = ["BurningSigner", "GullibleSigner", "BombSigner", "FickleSigner"];
        for (uint256 i = 0; i < names.length; ++i) {
            _withMfa(_hostile(names[i], i < 2 ? bytes("") : abi.encode(true)));
            _replaceMfaByRecovery();
            (uint8 role, , ) = _key(_mfaId);
            assertEq(role, 0);
            account.withdraw(ETHER, BOB, 1, 1, _signWithdrawal(ETHER, BOB, 1, 1));
        }
    }

    function test_AHostileKeyAloneIsNotEnough() public {
        _withMfa(_hostile("GullibleSigner", ""));
        bytes memory alone = _spelledOut(abi.encodePacked(_mfa), ANY_SIGNATURE);
        (bool success, ) = address(account).call(abi.encodeCall(account.withdraw, (ETHER, BOB, 1, 0, alone)));
        assertFalse(success);
    }

    /// @dev Another operation that was signed may run inside of one: it is one the keys wanted, and runs once.
    function test_ATokenThatSubmitsTheNextOperationWhileItMovesRunsItOnce() public {
        ReentrantToken token_ = ReentrantToken(_hostile("ReentrantToken", ""));
        token_.mint(address(account), 10);
        bytes memory next = abi.encodeCall(
            ITrivetAccount.withdraw,
            (ETHER, BOB, 1 ether, 1, _signWithdrawal(ETHER, BOB, 1 ether, 1))
        );
        token_.arm(address(account), next);
        account.withdraw(address(token_), BOB, 4, 0, _signWithdrawal(address(token_), BOB, 4, 0));
        assertTrue(token_.succeeded());
        assertEq(token_.balanceOf(BOB), 4);
        assertEq(BOB.balance, 1 ether);
        assertEq(account.getNonce(0), 2);
        (bool again, ) = address(account).call(next);
        assertFalse(again);
        assertEq(BOB.balance, 1 ether);
    }

    /// @dev What was to run after it cannot be pulled before it.
    function test_ATokenCannotRunALaterOperationBeforeItsTurn() public {
        ReentrantToken token_ = ReentrantToken(_hostile("ReentrantToken", ""));
        token_.mint(address(account), 10);
        token_.arm(
            address(account),
            abi.encodeCall(
                ITrivetAccount.withdraw,
                (ETHER, BOB, 1 ether, 2, _signWithdrawal(ETHER, BOB, 1 ether, 2))
            )
        );
        account.withdraw(address(token_), BOB, 4, 0, _signWithdrawal(address(token_), BOB, 4, 0));
        assertFalse(token_.succeeded());
        assertEq(BOB.balance, 0);
        assertEq(account.getNonce(0), 1);
    }

    // ---- what the tests say often

    address private _mfa;
    bytes32 private _mfaId;
    uint256 private _accounts;

    /// @dev A new account with some ether whose mfa key is a contract.
    function _withMfa(address signer) private {
        _mfa = signer;
        _mfaId = _id(signer, 0);
        // The same first keys give the same account, so the recovery key makes the difference.
        recoveryPrivateKey = uint256(keccak256(abi.encode("recovery", ++_accounts)));
        account = _create(_id(devicePrivateKey), _mfaId, _id(recoveryPrivateKey));
        vm.deal(address(account), 10 ether);
    }

    function _signatures(
        address signer,
        bytes memory signature,
        bytes32 digest
    ) private view returns (bytes memory) {
        return
            _inOrder(
                _id(devicePrivateKey),
                _compact(devicePrivateKey, digest),
                _mfaId,
                _spelledOut(abi.encodePacked(signer), signature)
            );
    }

    function _withdraw(uint256 nonce) private {
        bytes32 digest = _withdrawal(ETHER, BOB, 1, nonce);
        account.withdraw(ETHER, BOB, 1, nonce, _signatures(_mfa, ANY_SIGNATURE, digest));
    }

    function _expectRejected(uint256 nonce) private {
        bytes memory signatures = _signatures(_mfa, ANY_SIGNATURE, _withdrawal(ETHER, BOB, 1, nonce));
        uint256 before = BOB.balance;
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, _mfaId));
        account.withdraw(ETHER, BOB, 1, nonce, signatures);
        assertEq(BOB.balance, before);
        assertEq(account.getNonce(0), nonce);
    }

    /// @dev Device and recovery put the plain mfa key in the hostile one's place.
    function _replaceMfaByRecovery() private {
        bytes32 digest = _replacement(MFA, _mfaId, _id(mfaPrivateKey), 0);
        bytes memory signatures = _both(devicePrivateKey, recoveryPrivateKey, digest);
        account.replaceKey(MFA, _mfaId, _id(mfaPrivateKey), 0, "", signatures);
    }

    function _askWithoutCopying(address signer) private view returns (bool success, uint256 word) {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (bytes32(0), ANY_SIGNATURE));
        assembly ("memory-safe") {
            success := staticcall(gas(), signer, add(question, 0x20), mload(question), 0, 0x20)
            word := mload(0)
        }
    }
}
