// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {CallingMultiToken} from "../testing/hostile/CallingMultiToken.sol";
import {CallingNft} from "../testing/hostile/CallingNft.sol";
import {ReentrantToken} from "../testing/hostile/ReentrantToken.sol";
import {Change} from "./account/Changes.sol";
import {Policy} from "./account/Policy.sol";
import {Transfers} from "./account/Transfers.sol";
import {IAccountChanges} from "./IAccountChanges.sol";

contract AccountChangesEmergencyTest is ChangeTest {
    address private constant SAFE_HARBOUR = address(0x5AFE);

    CallingNft private _nft;
    CallingMultiToken private _multiToken;

    function setUp() public override {
        super.setUp();
        _nft = CallingNft(_hostile("CallingNft", ""));
        _nft.mint(address(account), 7);
        _multiToken = CallingMultiToken(_hostile("CallingMultiToken", ""));
        _multiToken.mint(address(account), 3, 100);
        _perform(Change.SetEmergencyAddress, _words(_word(SAFE_HARBOUR), _word(true)), _byDeviceAndMfa());
    }

    // ---- what works

    function testFuzz_EtherGoesToTheEmergencyAddress(uint256 amount) public {
        amount = bound(amount, 0, 10 ether);
        vm.expectEmit();
        emit IAccountChanges.EmergencyWithdrawn(SAFE_HARBOUR, ETHER, 0, amount);
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdraw(ETHER, amount);
        assertEq(SAFE_HARBOUR.balance, amount);
        assertEq(address(account).balance, 10 ether - amount);
    }

    function testFuzz_TokensGoToTheEmergencyAddress(uint256 amount) public {
        amount = bound(amount, 0, 1_000_000_000);
        vm.expectEmit();
        emit IAccountChanges.EmergencyWithdrawn(SAFE_HARBOUR, address(token), 0, amount);
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdraw(address(token), amount);
        assertEq(token.balanceOf(SAFE_HARBOUR), amount);
        assertEq(token.balanceOf(address(account)), 1_000_000_000 - amount);
    }

    function test_SingleTokensGoToTheEmergencyAddress() public {
        vm.expectEmit();
        emit IAccountChanges.EmergencyWithdrawn(SAFE_HARBOUR, address(_nft), 7, 1);
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdrawERC721(address(_nft), 7);
        assertEq(_nft.ownerOf(7), SAFE_HARBOUR);
    }

    function testFuzz_MultiTokensGoToTheEmergencyAddress(uint256 amount) public {
        amount = bound(amount, 0, 100);
        vm.expectEmit();
        emit IAccountChanges.EmergencyWithdrawn(SAFE_HARBOUR, address(_multiToken), 3, amount);
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdrawERC1155(address(_multiToken), 3, amount);
        assertEq(_multiToken.balanceOf(SAFE_HARBOUR, 3), amount);
        assertEq(_multiToken.balanceOf(address(account), 3), 100 - amount);
    }

    function test_ARehearsalMovesNothing() public {
        vm.expectEmit();
        emit IAccountChanges.EmergencyRehearsed(SAFE_HARBOUR);
        vm.prank(SAFE_HARBOUR);
        _changes().rehearseEmergency();
        assertEq(address(account).balance, 10 ether);
        assertEq(account.getNonce(0), 1);
    }

    function test_MoreThanThereIsDoesNotGo() public {
        vm.expectRevert(
            abi.encodeWithSelector(Transfers.BalanceTooLow.selector, ETHER, 10 ether, 10 ether + 1)
        );
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdraw(ETHER, 10 ether + 1);
    }

    // ---- who may not

    function testFuzz_StrangersAreRefused(address stranger) public {
        vm.assume(stranger != SAFE_HARBOUR);
        _expectRefused(stranger);
    }

    function test_KeysAreNoEmergencyAddresses() public {
        _expectRefused(vm.addr(devicePrivateKey));
        _expectRefused(vm.addr(recoveryPrivateKey));
        _expectRefused(address(account));
    }

    function test_WhoWasOneIsRefused() public {
        _perform(Change.SetEmergencyAddress, _words(_word(SAFE_HARBOUR), _word(false)), _byDeviceAndMfa());
        _expectRefused(SAFE_HARBOUR);
    }

    function test_AnotherAccountsEmergencyAddressIsRefused() public {
        account = _create(_id(laptopPrivateKey), _id(mfaPrivateKey), _id(recoveryPrivateKey));
        vm.deal(address(account), 1 ether);
        _expectRefused(SAFE_HARBOUR);
    }

    function test_NothingGoesWhileFrozenAndItGoesAgainAfterwards() public {
        _perform(Change.Lock, _words(), _byDevice());
        vm.expectRevert(Policy.AccountFrozen.selector);
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdraw(ETHER, 1);
        _wait(7 days);
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdraw(ETHER, 1);
        assertEq(SAFE_HARBOUR.balance, 1);
    }

    /// @dev It reaches the functions again, but as itself, which is nobody to the account.
    function test_ATokenThatCallsBackTakesNothing() public {
        ReentrantToken reentrant = ReentrantToken(_hostile("ReentrantToken", ""));
        reentrant.mint(address(account), 100);
        reentrant.arm(address(account), abi.encodeCall(IAccountChanges.emergencyWithdraw, (ETHER, 1 ether)));
        vm.prank(SAFE_HARBOUR);
        _changes().emergencyWithdraw(address(reentrant), 40);
        assertFalse(reentrant.succeeded());
        assertEq(
            keccak256(reentrant.answer()),
            keccak256(
                abi.encodeWithSelector(IAccountChanges.NotAnEmergencyAddress.selector, address(reentrant))
            )
        );
        assertEq(reentrant.balanceOf(SAFE_HARBOUR), 40);
        assertEq(address(account).balance, 10 ether);
    }

    function test_TheFunctionsTakeNoEther() public {
        vm.deal(SAFE_HARBOUR, 1 ether);
        vm.prank(SAFE_HARBOUR);
        (bool succeeded, ) = address(account).call{value: 1}(
            abi.encodeCall(IAccountChanges.rehearseEmergency, ())
        );
        assertFalse(succeeded);
        assertEq(address(account).balance, 10 ether);
    }

    // ---- helpers

    function _expectRefused(address caller) private {
        bytes memory reason = abi.encodeWithSelector(IAccountChanges.NotAnEmergencyAddress.selector, caller);
        vm.expectRevert(reason);
        vm.prank(caller);
        _changes().emergencyWithdraw(ETHER, 0);
        vm.expectRevert(reason);
        vm.prank(caller);
        _changes().emergencyWithdrawERC721(address(_nft), 7);
        vm.expectRevert(reason);
        vm.prank(caller);
        _changes().emergencyWithdrawERC1155(address(_multiToken), 3, 1);
        vm.expectRevert(reason);
        vm.prank(caller);
        _changes().rehearseEmergency();
    }
}
