// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract that signs as its owner does, and stops when it is told to.
contract OwnedSigner is IERC1271 {
    address public immutable owner;
    bool public stopped;

    constructor(address owner_) {
        owner = owner_;
    }

    function stop() external {
        stopped = true;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        return recovered == owner && !stopped ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice A contract that says yes to everything.
contract GullibleSigner is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return IERC1271.isValidSignature.selector;
    }
}

/// @notice A verifier (ERC-7913) for keys that are addresses written out as 32 bytes.
contract WordVerifier is IERC7913SignatureVerifier {
    function verify(
        bytes calldata key,
        bytes32 digest,
        bytes calldata signature
    ) external pure returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool valid = key.length == 32 && recovered == address(uint160(uint256(bytes32(key))));
        return valid ? IERC7913SignatureVerifier.verify.selector : bytes4(0xffffffff);
    }
}
