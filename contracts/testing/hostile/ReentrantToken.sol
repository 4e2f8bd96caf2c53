// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token that, while it is transferred, sends the account a call of its maker's choice.
contract ReentrantToken is ERC20("Reentrant", "REE") {
    address private _target;
    bytes private _call;

    /// @notice Whether the call within the last transfer went through.
    bool public succeeded;
    /// @notice What the call within the last transfer returned.
    bytes public answer;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function arm(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        // solhint-disable-next-line avoid-low-level-calls
        if (from == _target && from != address(0)) (succeeded, answer) = _target.call(_call);
    }
}
