// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A contract that answers every question with the same bytes.
contract LiteralSigner {
    bytes private _answer;

    constructor(bytes memory answer) {
        _answer = answer;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        bytes memory answer = _answer;
        assembly {
            return(add(answer, 0x20), mload(answer))
        }
    }
}
