// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract that signs as its owner does, and stops when it is told to.
contract OwnedSigner is IERC1271 {
    address private immutable OWNER;
    bool private _stopped;

    constructor(address owner) {
        OWNER = owner;
    }

    function stop() external {
        _stopped = true;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        return recovered == OWNER && !_stopped ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
