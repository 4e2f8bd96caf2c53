// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {SpendingTest} from "../testing/SpendingTest.sol";
import {Policy} from "./account/Policy.sol";
import {Schedule} from "./account/Schedule.sol";

/// @dev Keys that go and come back, all in one block.
contract TrivetAccountComebackTest is SpendingTest {
    uint256 private constant NONCE = 5 << 64;

    function test_AKeyThatComesBackHasNoLimitFromBefore() public {
        _addKey(DEVICE, laptopPrivateKey, 0);
        _setLimit(laptopPrivateKey, ETHER, 1 ether);
        _removeKey(laptopPrivateKey);
        _addKey(MFA, laptopPrivateKey, 0);
        bytes memory signature = _compact(laptopPrivateKey, _withdrawal(ETHER, BOB, 1, NONCE));
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        account.withdraw(ETHER, BOB, 1, NONCE, signature);
    }

    function test_AKeyThatComesBackHasNoScopeFromBefore() public {
        _addKey(DEVICE, laptopPrivateKey, 0);
        _setScope(laptopPrivateKey, address(token), IERC20.transfer.selector);
        _removeKey(laptopPrivateKey);
        _recover(laptopPrivateKey);
        assertFalse(_views().isInScope(_id(laptopPrivateKey), address(token), IERC20.transfer.selector));
    }

    function test_AProposerThatComesBackInAnotherRoleIsGone() public {
        _addKey(DEVICE, laptopPrivateKey, 0);
        _setRules(0x02, false);
        bytes memory signature = _compact(laptopPrivateKey, _withdrawal(ETHER, BOB, 1, NONCE));
        account.withdraw(ETHER, BOB, 1, NONCE, signature);
        _removeKey(laptopPrivateKey);
        _addKey(MFA, laptopPrivateKey, 0);
        vm.warp(NOON + 7 days);
        vm.expectPartialRevert(Schedule.ProposerGone.selector);
        account.withdraw(ETHER, BOB, 1, NONCE, "");
    }
}
