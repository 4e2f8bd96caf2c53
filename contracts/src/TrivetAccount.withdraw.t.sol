// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountTest} from "../testing/AccountTest.sol";
import {BurningSymbolToken} from "../testing/hostile/BurningSymbolToken.sol";
import {FeeToken} from "../testing/hostile/FeeToken.sol";
import {LiteralToken} from "../testing/hostile/LiteralToken.sol";
import {ReentrantRecipient} from "../testing/hostile/ReentrantRecipient.sol";
import {ReentrantToken} from "../testing/hostile/ReentrantToken.sol";
import {RevertingSymbolToken} from "../testing/hostile/RevertingSymbolToken.sol";
import {SilentToken} from "../testing/hostile/SilentToken.sol";
import {Keys} from "./account/Keys.sol";
import {Nonces} from "./account/Nonces.sol";
import {Policy} from "./account/Policy.sol";
import {Schedule} from "./account/Schedule.sol";
import {Transfers} from "./account/Transfers.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";
import {TrivetAccount} from "./TrivetAccount.sol";

contract TrivetAccountWithdrawTest is AccountTest {
    // ---- what works

    function testFuzz_DeviceAndMfaWithdrawEther(uint96 amount) public {
        amount = uint96(bound(amount, 0, 10 ether));
        bytes memory signatures = _signWithdrawal(ETHER, BOB, amount, 0);
        vm.expectEmit();
        emit ITrivetAccount.Withdrawn(ETHER, BOB, amount, 0);
        account.withdraw(ETHER, BOB, amount, 0, signatures);
        assertEq(BOB.balance, amount);
        assertEq(address(account).balance, 10 ether - amount);
        assertEq(account.getNonce(0), 1);
    }

    function testFuzz_DeviceAndMfaWithdrawTokens(uint256 amount, uint192 lane) public {
        amount = bound(amount, 0, 1_000_000_000);
        lane %= Nonces.FIRST_ENTRY_POINT_LANE;
        uint256 nonce = uint256(lane) << 64;
        bytes memory signatures = _signWithdrawal(address(token), BOB, amount, nonce);
        vm.expectEmit();
        emit ITrivetAccount.Withdrawn(address(token), BOB, amount, nonce);
        account.withdraw(address(token), BOB, amount, nonce, signatures);
        assertEq(token.balanceOf(BOB), amount);
        assertEq(account.getNonce(lane), nonce + 1);
    }

    function test_AnyMixOfFormsWorks() public {
        string memory text = "1.5 ETH";
        for (uint256 mix = 0; mix < 4; ++mix) {
            bytes32 compact = _withdrawal(ETHER, BOB, 1.5 ether, mix);
            bytes32 readable = _readableWithdrawal(text, ETHER, BOB, mix);
            bytes memory device =
                mix & 1 == 0 ? _compact(devicePrivateKey, compact) : _readable(devicePrivateKey, readable);
            bytes memory mfa =
                mix & 2 == 0 ? _compact(mfaPrivateKey, compact) : _readable(mfaPrivateKey, readable);
            bytes memory signatures = _inOrder(_id(devicePrivateKey), device, _id(mfaPrivateKey), mfa);
            account.withdraw(ETHER, BOB, 1.5 ether, mix, signatures);
        }
        assertEq(BOB.balance, 6 ether);
    }

    function test_TheReadableFormOfATokenNamesItsAddress() public {
        bytes memory signatures = _deviceCompactMfaReadable(address(token), 25_500_000, 0, "25.5 TUSD");
        account.withdraw(address(token), BOB, 25_500_000, 0, signatures);
        assertEq(token.balanceOf(BOB), 25_500_000);
    }

    function test_SignaturesBeyondThoseNeededDoNoHarm() public {
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 0);
        uint256[3] memory privateKeys = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (_id(privateKeys[j]) < _id(privateKeys[i])) {
                    (privateKeys[i], privateKeys[j]) = (privateKeys[j], privateKeys[i]);
                }
            }
        }
        bytes memory signatures = bytes.concat(
            _compact(privateKeys[0], digest),
            _compact(privateKeys[1], digest),
            _compact(privateKeys[2], digest)
        );
        account.withdraw(ETHER, BOB, 1, 0, signatures);
        assertEq(BOB.balance, 1);
    }

    // ---- who is missing

    function test_EachOtherAuthorityIsRefusedAndTheMissingKeyNamed() public {
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 0);
        // Without signatures only what was scheduled before can run.
        vm.expectPartialRevert(Schedule.NotScheduled.selector);
        account.withdraw(ETHER, BOB, 1, 0, "");
        _expectMissing(Policy.NotAllowedAlone.selector, _compact(devicePrivateKey, digest));
        _expectMissing(Policy.NotAllowedAlone.selector, _compact(mfaPrivateKey, digest));
        _expectMissing(Policy.NotAllowedAlone.selector, _compact(recoveryPrivateKey, digest));
        _expectMissing(Policy.MfaKeyMissing.selector, _both(devicePrivateKey, recoveryPrivateKey, digest));
        _expectMissing(Policy.DeviceKeyMissing.selector, _both(mfaPrivateKey, recoveryPrivateKey, digest));
    }

    function test_AStrangerHasNoAuthority() public {
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 0);
        bytes memory signatures = _both(devicePrivateKey, strangerPrivateKey, digest);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(strangerPrivateKey)));
        account.withdraw(ETHER, BOB, 1, 0, signatures);
    }

    // ---- never twice, nowhere else, nothing else

    function test_AWithdrawalRunsOnce() public {
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 1, 0);
        account.withdraw(ETHER, BOB, 1, 0, signatures);
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1));
        account.withdraw(ETHER, BOB, 1, 0, signatures);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(ETHER, BOB, 1, 1, signatures);
    }

    function testFuzz_NothingThatWasSignedCanBeChanged(
        address token_,
        address to,
        uint256 amount,
        uint192 lane
    ) public {
        uint256 nonce = uint256(lane % Nonces.FIRST_ENTRY_POINT_LANE) << 64;
        vm.assume(to != address(0));
        vm.assume(token_ != ETHER || to != BOB || amount != 1 || nonce != 0);
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 1, 0);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(token_, to, amount, nonce, signatures);
    }

    function test_AnotherAccountOfTheSameKeysDoesNotTakeIt() public {
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 1, 0);
        TrivetAccount twin = TrivetAccount(
            payable(
                FACTORY.createAccount(
                    _id(devicePrivateKey),
                    _id(mfaPrivateKey),
                    _id(recoveryPrivateKey),
                    "twin"
                )
            )
        );
        vm.deal(address(twin), 1 ether);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        twin.withdraw(ETHER, BOB, 1, 0, signatures);
    }

    function testFuzz_AnotherChainDoesNotTakeIt(uint32 chainId) public {
        vm.assume(chainId != block.chainid && chainId != 0);
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 1, 0);
        vm.chainId(chainId);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(ETHER, BOB, 1, 0, signatures);
        // What was signed for the chain it is on now works.
        account.withdraw(ETHER, BOB, 1, 0, _signWithdrawal(ETHER, BOB, 1, 0));
        assertEq(BOB.balance, 1);
    }

    function test_ASignatureOfOneFormIsNotOneOfTheOther() public {
        bytes32 compact = _withdrawal(ETHER, BOB, 1.5 ether, 0);
        bytes32 readable = _readableWithdrawal("1.5 ETH", ETHER, BOB, 0);
        bytes memory device = _compact(devicePrivateKey, compact);
        bytes memory swapped = _inOrder(
            _id(devicePrivateKey),
            device,
            _id(mfaPrivateKey),
            _readable(mfaPrivateKey, compact)
        );
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(ETHER, BOB, 1.5 ether, 0, swapped);
        swapped = _inOrder(
            _id(devicePrivateKey),
            device,
            _id(mfaPrivateKey),
            _compact(mfaPrivateKey, readable)
        );
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(ETHER, BOB, 1.5 ether, 0, swapped);
    }

    function testFuzz_ALyingTextIsRefused(uint96 amount) public {
        amount = uint96(bound(amount, 2, 1_000_000_000));
        bytes memory signatures = _deviceCompactMfaReadable(address(token), amount, 0, "0.000001 TUSD");
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.withdraw(address(token), BOB, amount, 0, signatures);
    }

    // ---- what cannot be sent

    function test_MoreThanTheBalanceIsSaid() public {
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 10 ether + 1, 0);
        vm.expectRevert(
            abi.encodeWithSelector(Transfers.BalanceTooLow.selector, ETHER, 10 ether, 10 ether + 1)
        );
        account.withdraw(ETHER, BOB, 10 ether + 1, 0, signatures);

        signatures = _signWithdrawal(address(token), BOB, 1_000_000_001, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                Transfers.BalanceTooLow.selector,
                address(token),
                1_000_000_000,
                1_000_000_001
            )
        );
        account.withdraw(address(token), BOB, 1_000_000_001, 0, signatures);
        assertEq(account.getNonce(0), 0);
    }

    function test_NobodyIsNoRecipient() public {
        bytes memory signatures = _signWithdrawal(ETHER, address(0), 1, 0);
        vm.expectRevert(ITrivetAccount.RecipientMissing.selector);
        account.withdraw(ETHER, address(0), 1, 0, signatures);
    }

    function test_ARefusedPaymentLeavesTheNonceUnused() public {
        address to = _hostile("RefusingRecipient", "");
        bytes memory signatures = _signWithdrawal(ETHER, to, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(Transfers.EtherRefused.selector, to));
        account.withdraw(ETHER, to, 1, 0, signatures);
        assertEq(account.getNonce(0), 0);
    }

    // ---- hostile parts

    function test_AReentrantRecipientIsPaidOnce() public {
        ReentrantRecipient thief = ReentrantRecipient(payable(_hostile("ReentrantRecipient", "")));
        bytes memory signatures = _signWithdrawal(ETHER, address(thief), 1 ether, 0);
        bytes memory call = abi.encodeCall(
            ITrivetAccount.withdraw,
            (ETHER, address(thief), 1 ether, 0, signatures)
        );
        thief.arm(call);
        account.withdraw(ETHER, address(thief), 1 ether, 0, signatures);
        assertEq(address(thief).balance, 1 ether);
        assertFalse(thief.succeeded());
        assertEq(
            keccak256(thief.answer()),
            keccak256(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1))
        );
    }

    function test_AReentrantTokenMovesOnce() public {
        ReentrantToken evil = ReentrantToken(_hostile("ReentrantToken", ""));
        evil.mint(address(account), 10);
        bytes memory signatures = _signWithdrawal(address(evil), BOB, 4, 0);
        evil.arm(
            address(account),
            abi.encodeCall(ITrivetAccount.withdraw, (address(evil), BOB, 4, 0, signatures))
        );
        account.withdraw(address(evil), BOB, 4, 0, signatures);
        assertEq(evil.balanceOf(BOB), 4);
        assertFalse(evil.succeeded());
        assertEq(
            keccak256(evil.answer()),
            keccak256(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1))
        );
    }

    function test_TokensThatReturnNothingOrTakeAFeeAreSent() public {
        SilentToken silent = SilentToken(_hostile("SilentToken", ""));
        silent.mint(address(account), 10);
        account.withdraw(address(silent), BOB, 10, 0, _signWithdrawal(address(silent), BOB, 10, 0));
        assertEq(silent.balanceOf(BOB), 10);

        FeeToken fee = FeeToken(_hostile("FeeToken", ""));
        fee.mint(address(account), 100);
        account.withdraw(address(fee), BOB, 100, 1, _signWithdrawal(address(fee), BOB, 100, 1));
        assertEq(fee.balanceOf(BOB), 90);
    }

    function test_TokensWithoutAProperSymbolAreShownInUnits() public {
        RevertingSymbolToken reverting = RevertingSymbolToken(_hostile("RevertingSymbolToken", ""));
        BurningSymbolToken burning = BurningSymbolToken(_hostile("BurningSymbolToken", ""));
        LiteralToken garbage = LiteralToken(_hostile("LiteralToken", abi.encode(hex"deadbeef", "")));
        LiteralToken huge = LiteralToken(
            _hostile("LiteralToken", abi.encode(abi.encode(string(new bytes(2000))), abi.encode(uint256(6))))
        );
        address[4] memory tokens = [address(reverting), address(burning), address(garbage), address(huge)];
        reverting.mint(address(account), 7);
        burning.mint(address(account), 7);
        garbage.mint(address(account), 7);
        huge.mint(address(account), 7);
        for (uint256 i = 0; i < tokens.length; ++i) {
            assertEq(READABLE.amountText(tokens[i], 7), "7 units");
            account.withdraw(tokens[i], BOB, 7, i, _deviceCompactMfaReadable(tokens[i], 7, i, "7 units"));
        }
        assertEq(huge.balanceOf(BOB), 7);
    }

    // ---- helpers

    function _expectMissing(bytes4 reason, bytes memory signatures) private {
        vm.expectRevert(reason);
        account.withdraw(ETHER, BOB, 1, 0, signatures);
    }

    function _deviceCompactMfaReadable(
        address token_,
        uint256 amount,
        uint256 nonce,
        string memory text
    ) private view returns (bytes memory) {
        return
            _inOrder(
                _id(devicePrivateKey),
                _compact(devicePrivateKey, _withdrawal(token_, BOB, amount, nonce)),
                _id(mfaPrivateKey),
                _readable(mfaPrivateKey, _readableWithdrawal(text, token_, BOB, nonce))
            );
    }
}
