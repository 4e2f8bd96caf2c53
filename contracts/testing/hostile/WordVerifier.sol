// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

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
