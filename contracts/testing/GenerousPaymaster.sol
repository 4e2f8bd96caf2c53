// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPaymaster, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

/// @notice An ERC-4337 paymaster that pays for everybody.
contract GenerousPaymaster is IPaymaster {
    /// @notice It asked for nothing to be done afterwards.
    error NotAsked();

    function validatePaymasterUserOp(
        PackedUserOperation calldata,
        bytes32,
        uint256
    ) external pure returns (bytes memory context, uint256 validationData) {
        return ("", 0);
    }

    function postOp(PostOpMode, bytes calldata, uint256, uint256) external pure {
        revert NotAsked();
    }
}
