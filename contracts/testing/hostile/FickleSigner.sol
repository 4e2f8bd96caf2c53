// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A contract that answers the first question of a transaction otherwise than the next ones. It may not write
/// while it is asked, but it can tell: calling an address for the first time costs more.
contract FickleSigner is IERC1271 {
    bool private immutable FIRST;

    /// @param first Its first answer.
    constructor(bool first) {
        FIRST = first;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        uint256 price = gasleft();
        assembly {
            pop(staticcall(gas(), not(address()), 0, 0, 0, 0))
        }
        price -= gasleft();
        bool isFirst = price > 1000;
        return isFirst == FIRST ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
