// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A contract that, while it is paid, sends the account the same withdrawal again.
contract ReentrantRecipient {
    bytes private _call;

    /// @notice Whether the second withdrawal went through.
    bool public succeeded;
    /// @notice What the second withdrawal returned.
    bytes public answer;

    function arm(bytes calldata call) external {
        _call = call;
    }

    receive() external payable {
        // solhint-disable-next-line avoid-low-level-calls
        (succeeded, answer) = msg.sender.call(_call);
    }
}
