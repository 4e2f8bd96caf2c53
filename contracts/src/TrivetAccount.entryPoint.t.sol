// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

import {ChangeTest} from "../testing/ChangeTest.sol";
import {DepositKeeper} from "../testing/DepositKeeper.sol";
import {Change} from "./account/Changes.sol";
import {EntryPointDoor} from "./account/EntryPointDoor.sol";
import {Nonces} from "./account/Nonces.sol";
import {RoleCounts} from "./account/Roles.sol";
import {Signatures} from "./account/Signatures.sol";
import {Asset, ITrivetAccount} from "./ITrivetAccount.sol";

/// @notice What the EntryPoint asks of an account, one question at a time. With the real EntryPoint: TrivetAccount.erc4337.test.ts.
contract TrivetAccountEntryPointTest is ChangeTest {
    uint256 private constant NONCE = uint256(Nonces.FIRST_ENTRY_POINT_LANE) << 64;
    bytes32 private constant HASH = keccak256("the hash of a user operation");
    address payable private constant ENTRY_POINT = payable(EntryPointDoor.ENTRY_POINT);

    function setUp() public override {
        super.setUp();
        vm.etch(ENTRY_POINT, address(new DepositKeeper()).code);
    }

    function test_OnlyTheEntryPointHasSignaturesChecked() public {
        PackedUserOperation memory userOp = _userOp(_byDeviceAndMfa());
        vm.expectRevert(abi.encodeWithSelector(ITrivetAccount.NotTheEntryPoint.selector, BOB));
        vm.prank(BOB);
        account.validateUserOp(userOp, HASH, 0);
    }

    function test_DeviceAndMfaPayFromTheAccount() public {
        assertTrue(_isGood(_validate(_userOp(_byDeviceAndMfa()), 3)));
        assertEq(ENTRY_POINT.balance, 3);
        assertEq(DepositKeeper(ENTRY_POINT).balanceOf(address(account)), 3);
    }

    function test_WhenNothingIsMissingNothingIsPaid() public {
        assertTrue(_isGood(_validate(_userOp(_byDeviceAndMfa()), 0)));
        assertEq(address(account).balance, 10 ether);
    }

    function test_AnAccountThatCannotPayLeavesThatToTheEntryPoint() public {
        assertTrue(_isGood(_validate(_userOp(_byDeviceAndMfa()), 11 ether)));
        assertEq(address(account).balance, 10 ether);
    }

    function test_EachOtherAuthorityNeedsSomebodyElseToPay() public {
        uint256[][4] memory others = [_byDevice(), _byMfa(), _byDeviceAndRecovery(), _byMfaAndRecovery()];
        for (uint256 i = 0; i < others.length; ++i) {
            PackedUserOperation memory userOp = _userOp(others[i]);
            vm.expectRevert(ITrivetAccount.FeesNeedDeviceAndMfaKey.selector);
            vm.prank(ENTRY_POINT);
            account.validateUserOp(userOp, HASH, 1);
            userOp.paymasterAndData = hex"01";
            assertTrue(_isGood(_validate(userOp, 0)));
        }
        assertEq(address(account).balance, 10 ether);
    }

    function test_WhereTheThresholdIsTwoOneMfaKeyPaysNoFees() public {
        _addKey(MFA, friendPrivateKey, 0, _byDeviceAndMfa());
        _perform(Change.SetThreshold, _words(_word(uint256(MFA)), _word(2)), _byDeviceAndMfa());
        PackedUserOperation memory userOp = _userOp(_byDeviceAndMfa());
        vm.expectRevert(ITrivetAccount.FeesNeedDeviceAndMfaKey.selector);
        vm.prank(ENTRY_POINT);
        account.validateUserOp(userOp, HASH, 1);
        userOp = _userOp(_by(devicePrivateKey, mfaPrivateKey, friendPrivateKey));
        assertTrue(_isGood(_validate(userOp, 1)));
    }

    function test_AFrozenAccountPaysNoFeesBeforeItsLockLapses() public {
        _perform(Change.Lock, _words(), _byRecovery());
        uint256 lapses = block.timestamp + 7 days;
        PackedUserOperation memory userOp = _userOp(_byDeviceAndMfa());
        assertEq(_validate(userOp, 1), (lapses - 1) << 208);
        userOp.paymasterAndData = hex"01";
        assertTrue(_isGood(_validate(userOp, 0)));
    }

    function test_SignaturesThatAreNoneFailWithoutPaying() public {
        PackedUserOperation memory userOp = _userOp(_by(devicePrivateKey, strangerPrivateKey));
        assertEq(_validate(userOp, 1), 1);
        userOp.signature = "";
        assertEq(_validate(userOp, 1), 1);
        userOp.signature = hex"00";
        vm.expectRevert(Signatures.SignaturesTruncated.selector);
        vm.prank(ENTRY_POINT);
        account.validateUserOp(userOp, HASH, 1);
        assertEq(ENTRY_POINT.balance, 0);
    }

    function test_SignersAreCountedAscendingEachOnce() public {
        RoleCounts roles = account.signersOf(HASH, _signAll(_byDeviceAndMfa(), HASH));
        assertEq(uint256(roles.forRole(DEVICE)), 1);
        assertEq(uint256(roles.forRole(MFA)), 1);
        assertEq(uint256(roles.forRole(RECOVERY)), 0);

        bytes32 device = _id(devicePrivateKey);
        bytes memory signature = _compact(devicePrivateKey, HASH);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, device));
        account.signersOf(HASH, bytes.concat(signature, signature));
        (uint256 high, uint256 low) = device < _id(mfaPrivateKey)
            ? (mfaPrivateKey, devicePrivateKey)
            : (devicePrivateKey, mfaPrivateKey);
        bytes memory descending = bytes.concat(_compact(high, HASH), _compact(low, HASH));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, _id(low)));
        account.signersOf(HASH, descending);
    }

    function test_NoncesOfTheUpperLanesAreAskedOfTheEntryPoint() public {
        uint192 lane = Nonces.FIRST_ENTRY_POINT_LANE;
        assertEq(account.getNonce(lane), NONCE);
        vm.prank(address(account));
        DepositKeeper(ENTRY_POINT).incrementNonce(lane);
        assertEq(account.getNonce(lane), NONCE + 1);
        assertEq(account.getNonce(lane + 1), NONCE + (1 << 64));
        assertEq(account.getNonce(lane - 1), uint256(lane - 1) << 64);
    }

    // ---- the account's deposit

    function test_AMigrationTakesTheDepositAlong() public {
        DepositKeeper(ENTRY_POINT).depositTo{value: 2 ether}(address(account));
        _migrateToBob();
        assertEq(BOB.balance, 12 ether);
        assertEq(DepositKeeper(ENTRY_POINT).balanceOf(address(account)), 0);
    }

    function test_WithoutADepositTheEntryPointIsNotAskedForOne() public {
        vm.expectCall(ENTRY_POINT, abi.encodeWithSelector(DepositKeeper.withdrawTo.selector), 0);
        _migrateToBob();
        assertEq(BOB.balance, 10 ether);
    }

    // ---- helpers

    function _userOp(uint256[] memory signers) private view returns (PackedUserOperation memory userOp) {
        userOp.sender = address(account);
        userOp.nonce = NONCE;
        userOp.callData = abi.encodeCall(account.withdraw, (ETHER, BOB, 1, NONCE, ""));
        userOp.signature = _signAll(signers, HASH);
    }

    /// @dev Whether the signatures count from now on at the latest, and for ever.
    function _isGood(uint256 validity) private view returns (bool) {
        return validity % (1 << 208) == 0 && validity >> 208 < block.timestamp;
    }

    function _validate(PackedUserOperation memory userOp, uint256 missing) private returns (uint256) {
        vm.prank(ENTRY_POINT);
        return account.validateUserOp(userOp, HASH, missing);
    }

    function _migrateToBob() private {
        uint256 nonce = account.getNonce(0);
        bytes32 typeHash = keccak256(
            "Migration(address account,address successor,Asset[] assets,uint256 nonce)Asset(uint8 standard,address token,uint256 id)"
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, account, BOB, keccak256(""), nonce));
        bytes memory blob = _signAll(_byDeviceAndMfa(), _digest(structHash));
        _changes().migrate(payable(BOB), new Asset[](0), nonce, blob);
    }
}
