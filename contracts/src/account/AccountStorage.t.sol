// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";

import {Test} from "../../testing/Test.sol";
import {AccountState, AccountStorage} from "./AccountStorage.sol";

contract AccountStorageTest is Test {
    function test_LocationIsThatOfItsErc7201Namespace() public pure {
        assertEq(AccountStorage.LOCATION, SlotDerivation.erc7201Slot("trivet.storage.Account"));
    }

    function test_LoadPointsThere() public pure {
        AccountState storage state = AccountStorage.load();
        bytes32 slot;
        assembly {
            slot := state.slot
        }
        assertEq(slot, AccountStorage.LOCATION);
    }
}
