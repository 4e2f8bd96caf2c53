// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ChangeTest} from "../testing/ChangeTest.sol";
import {CallingMultiToken} from "../testing/hostile/CallingMultiToken.sol";
import {CallingNft} from "../testing/hostile/CallingNft.sol";
import {FeeToken} from "../testing/hostile/FeeToken.sol";
import {ReentrantToken} from "../testing/hostile/ReentrantToken.sol";
import {Change} from "./account/Changes.sol";
import {Keys} from "./account/Keys.sol";
import {Nonces} from "./account/Nonces.sol";
import {Policy} from "./account/Policy.sol";
import {Transfers} from "./account/Transfers.sol";
import {AliasRegistry} from "./AliasRegistry.sol";
import {IAccountChanges} from "./IAccountChanges.sol";
import {Asset} from "./ITrivetAccount.sol";
import {TrivetAccount} from "./TrivetAccount.sol";

contract AccountChangesMigrateTest is ChangeTest {
    uint8 private constant ERC20 = 0;
    uint8 private constant ERC721 = 1;
    uint8 private constant ERC1155 = 2;

    CallingNft private _nft;
    CallingMultiToken private _multiToken;
    /// @dev An account of the same keys, at another address.
    TrivetAccount private _successor;

    function setUp() public override {
        super.setUp();
        _nft = CallingNft(_hostile("CallingNft", ""));
        _nft.mint(address(account), 7);
        _multiToken = CallingMultiToken(_hostile("CallingMultiToken", ""));
        _multiToken.mint(address(account), 3, 100);
        _successor = TrivetAccount(
            payable(
                FACTORY.createAccount(
                    _id(devicePrivateKey),
                    _id(mfaPrivateKey),
                    _id(recoveryPrivateKey),
                    "another"
                )
            )
        );
    }

    // ---- what works

    function test_EverythingMovesAndTheAliasPointsThere() public {
        Asset[] memory assets = _everything();
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        vm.expectEmit();
        emit IAccountChanges.Migrated(address(_successor), 0);
        vm.expectEmit();
        emit AliasRegistry.Pointed(address(account), address(_successor), address(0));
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
        _expectEverythingMoved();
    }

    function test_TheReadableFormSaysHowMuchMoves() public {
        Asset[] memory assets = _everything();
        bytes32 digest = _readableMigration("ETH and 3 others", address(_successor), assets, 0);
        bytes memory blob = _inOrder(
            _id(devicePrivateKey),
            _compact(devicePrivateKey, _migration(address(_successor), assets, 0)),
            _id(mfaPrivateKey),
            _readable(mfaPrivateKey, digest)
        );
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
        _expectEverythingMoved();
    }

    function testFuzz_TheReadableFormCountsTheOthers(uint8 number) public {
        number = uint8(bound(number, 0, 20));
        Asset[] memory assets = new Asset[](number);
        for (uint256 i = 0; i < number; ++i) assets[i] = Asset(ERC20, address(token), 0);
        string memory text = string.concat(
            "ETH and ",
            Strings.toString(number),
            number == 1 ? " other" : " others"
        );
        bytes32 digest = _readableMigration(text, address(_successor), assets, 0);
        bytes memory blob = _inOrder(
            _id(devicePrivateKey),
            _readable(devicePrivateKey, digest),
            _id(mfaPrivateKey),
            _readable(mfaPrivateKey, digest)
        );
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
        assertEq(address(_successor).balance, 10 ether);
    }

    function test_WithoutAssetsTheEtherMovesAlone() public {
        _migrate(new Asset[](0));
        assertEq(address(_successor).balance, 10 ether);
        assertEq(token.balanceOf(address(account)), 1_000_000_000);
    }

    function test_WhatArrivesLaterMovesWithAnotherMigration() public {
        _migrate(_everything());
        vm.deal(address(account), 1 ether);
        token.mint(address(account), 5);
        Asset[] memory assets = new Asset[](1);
        assets[0] = Asset(ERC20, address(token), 0);
        _migrate(assets);
        assertEq(address(_successor).balance, 11 ether);
        assertEq(token.balanceOf(address(_successor)), 1_000_000_005);
    }

    function test_TheSuccessorIsUsedWithTheSameKeys() public {
        _migrate(_everything());
        account = _successor;
        account.withdraw(ETHER, BOB, 1, 0, _signWithdrawal(ETHER, BOB, 1, 0));
        assertEq(BOB.balance, 1);
    }

    function test_ATokenThatTakesAFeeMovesAsFarAsItLets() public {
        FeeToken fee = FeeToken(_hostile("FeeToken", ""));
        fee.mint(address(account), 100);
        Asset[] memory assets = new Asset[](1);
        assets[0] = Asset(ERC20, address(fee), 0);
        _migrate(assets);
        assertEq(fee.balanceOf(address(_successor)), 90);
        assertEq(fee.balanceOf(address(account)), 0);
    }

    // ---- hostile assets

    function test_AnAssetThatCannotMoveStopsEverythingUntilItIsLeftOut() public {
        address refusing = _hostile("RefusingToken", abi.encode(5));
        Asset[] memory assets = _everything();
        assets[1] = Asset(ERC20, refusing, 0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        vm.expectRevert(abi.encodeWithSelector(Transfers.TokenTransferFailed.selector, refusing));
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
        assertEq(address(account).balance, 10 ether);
        assertEq(ALIASES.successorOf(address(account)), address(0));
        _migrate(_everything());
        _expectEverythingMoved();
    }

    function test_ATokenThatCallsBackStopsNothingAndTakesNothing() public {
        ReentrantToken reentrant = ReentrantToken(_hostile("ReentrantToken", ""));
        reentrant.mint(address(account), 100);
        Asset[] memory assets = new Asset[](2);
        assets[0] = Asset(ERC20, address(reentrant), 0);
        assets[1] = Asset(ERC20, address(token), 0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        reentrant.arm(
            address(account),
            abi.encodeCall(IAccountChanges.migrate, (payable(address(_successor)), assets, 0, blob))
        );
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
        assertFalse(reentrant.succeeded());
        assertEq(
            keccak256(reentrant.answer()),
            keccak256(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1))
        );
        assertEq(address(_successor).balance, 10 ether);
        assertEq(token.balanceOf(address(_successor)), 1_000_000_000);
    }

    function testFuzz_OtherStandardsAreUnknown(uint8 standard) public {
        vm.assume(standard > ERC1155);
        Asset[] memory assets = new Asset[](1);
        assets[0] = Asset(standard, address(token), 0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        vm.expectRevert(abi.encodeWithSelector(Transfers.StandardUnknown.selector, standard));
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
    }

    function test_ASuccessorThatTakesNoEtherGetsNothing() public {
        address refusing = _hostile("RefusingRecipient", "");
        Asset[] memory assets = _everything();
        assets[2] = Asset(ERC20, address(token), 0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(refusing, assets, 0));
        vm.expectRevert(abi.encodeWithSelector(Transfers.EtherRefused.selector, refusing));
        _changes().migrate(payable(refusing), assets, 0, blob);
        assertEq(token.balanceOf(address(account)), 1_000_000_000);
    }

    // ---- where it cannot go

    function test_NobodyAndTheAccountItselfAreNoSuccessors() public {
        address[2] memory none = [address(0), address(account)];
        for (uint256 i = 0; i < none.length; ++i) {
            Asset[] memory assets = _everything();
            bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(none[i], assets, 0));
            vm.expectRevert(IAccountChanges.SuccessorMissing.selector);
            _changes().migrate(payable(none[i]), assets, 0, blob);
        }
    }

    function test_AnAccountThatPointsBackIsNoSuccessor() public {
        vm.prank(address(_successor));
        ALIASES.pointTo(address(account));
        Asset[] memory assets = _everything();
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        vm.expectRevert(
            abi.encodeWithSelector(AliasRegistry.AliasCycle.selector, address(account), address(_successor))
        );
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
    }

    // ---- who may

    function test_OnlyDeviceAndMfaTogetherMigrate() public {
        _expectRefused(Policy.KeyMissing.selector, "");
        Asset[] memory assets = _everything();
        bytes32 digest = _migration(address(_successor), assets, 0);
        _expectRefused(Policy.MfaKeyMissing.selector, _signAll(_byDevice(), digest));
        _expectRefused(Policy.MfaKeyMissing.selector, _signAll(_byDeviceAndRecovery(), digest));
        _expectRefused(Policy.DeviceKeyMissing.selector, _signAll(_byMfaAndRecovery(), digest));
        _expectRefused(Policy.DeviceKeyMissing.selector, _signAll(_byRecovery(), digest));
        _expectRefused(Keys.KeyUnknown.selector, _signAll(_by(devicePrivateKey, strangerPrivateKey), digest));
    }

    function test_NothingThatWasSignedCanBeChanged() public {
        Asset[] memory assets = _everything();
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        _changes().migrate(payable(BOB), assets, 0, blob);
        assets[1].id = 8;
        _expectRefused(Keys.KeyUnknown.selector, assets, blob);
        assets = _everything();
        assets[0].standard = ERC721;
        _expectRefused(Keys.KeyUnknown.selector, assets, blob);
        assets = _everything();
        assets[2].token = address(token);
        _expectRefused(Keys.KeyUnknown.selector, assets, blob);
        assets = _everything();
        (assets[0], assets[1]) = (assets[1], assets[0]);
        _expectRefused(Keys.KeyUnknown.selector, assets, blob);
    }

    function test_AMigrationRunsOnce() public {
        Asset[] memory assets = _everything();
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 0));
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1));
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
    }

    function test_AFrozenAccountDoesNotMigrate() public {
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        Asset[] memory assets = _everything();
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, 1));
        vm.expectRevert(Policy.AccountFrozen.selector);
        _changes().migrate(payable(address(_successor)), assets, 1, blob);
    }

    // ---- helpers

    function _everything() private view returns (Asset[] memory assets) {
        assets = new Asset[](3);
        assets[0] = Asset(ERC20, address(token), 0);
        assets[1] = Asset(ERC721, address(_nft), 7);
        assets[2] = Asset(ERC1155, address(_multiToken), 3);
    }

    function _migrate(Asset[] memory assets) private {
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _migration(address(_successor), assets, nonce));
        _changes().migrate(payable(address(_successor)), assets, nonce, blob);
    }

    function _expectEverythingMoved() private view {
        assertEq(address(_successor).balance, 10 ether);
        assertEq(address(account).balance, 0);
        assertEq(token.balanceOf(address(_successor)), 1_000_000_000);
        assertEq(_nft.ownerOf(7), address(_successor));
        assertEq(_multiToken.balanceOf(address(_successor), 3), 100);
        assertEq(ALIASES.resolve(address(account)), address(_successor));
    }

    function _expectRefused(bytes4 reason, bytes memory blob) private {
        _expectRefused(reason, _everything(), blob);
    }

    function _expectRefused(bytes4 reason, Asset[] memory assets, bytes memory blob) private {
        vm.expectPartialRevert(reason);
        _changes().migrate(payable(address(_successor)), assets, 0, blob);
    }

    function _assetsHash(Asset[] memory assets) private pure returns (bytes32) {
        bytes memory hashes = "";
        bytes32 typeHash = keccak256("Asset(uint8 standard,address token,uint256 id)");
        for (uint256 i = 0; i < assets.length; ++i) {
            bytes32 hash = keccak256(abi.encode(typeHash, assets[i].standard, assets[i].token, assets[i].id));
            hashes = bytes.concat(hashes, hash);
        }
        return keccak256(hashes);
    }

    function _migration(
        address successor,
        Asset[] memory assets,
        uint256 nonce
    ) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Migration(address account,address successor,Asset[] assets,uint256 nonce)Asset(uint8 standard,address token,uint256 id)"
        );
        return _digest(keccak256(abi.encode(typeHash, account, successor, _assetsHash(assets), nonce)));
    }

    function _readableMigration(
        string memory text,
        address successor,
        Asset[] memory assets,
        uint256 nonce
    ) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Migrate(address Successor,string Assets,bytes32 Hash,address Account,uint256 Nonce)"
        );
        bytes32 textHash = keccak256(bytes(text));
        return
            _digest(
                keccak256(abi.encode(typeHash, successor, textHash, _assetsHash(assets), account, nonce))
            );
    }
}
