// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A contract that says yes, or nothing at all, and then goes on for 250 000 bytes.
contract BombSigner {
    bytes4 private immutable ANSWER;

    /// @param yes Whether it says yes.
    constructor(bool yes) {
        ANSWER = yes ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        bytes4 answer = ANSWER;
        assembly {
            mstore(0, answer)
            return(0, 250000)
        }
    }
}
