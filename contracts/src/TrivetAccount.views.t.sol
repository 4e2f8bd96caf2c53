// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountTest} from "../testing/AccountTest.sol";
import {Nonces} from "./account/Nonces.sol";

contract TrivetAccountViewsTest is AccountTest {
    function testFuzz_UnknownKeysHaveNoRole(bytes32 keyId) public view {
        vm.assume(keyId != _id(devicePrivateKey) && keyId != _id(mfaPrivateKey));
        vm.assume(keyId != _id(recoveryPrivateKey));
        (uint8 role, uint48 activeFrom, uint48 expires) = _key(keyId);
        assertEq(uint256(role) + activeFrom + expires, 0);
    }

    function testFuzz_NumbersThatAreNoRoleHaveNoKeys(uint8 role) public view {
        vm.assume(role < DEVICE || role > RECOVERY);
        assertEq(_views().keyCount(role), 0);
        assertEq(_views().threshold(role), 0);
    }

    function testFuzz_EveryLaneBeginsWithSequenceZero(uint192 lane) public view {
        lane %= Nonces.FIRST_ENTRY_POINT_LANE;
        assertEq(account.getNonce(lane), uint256(lane) << 64);
    }

    function test_AmountsAreShownAsTheAccountRebuildsThem() public view {
        assertEq(READABLE.amountText(ETHER, 1.5 ether), "1.5 ETH");
        assertEq(READABLE.amountText(address(token), 25_000_000), "25 TUSD");
    }
}
