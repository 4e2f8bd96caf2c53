// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token whose maker can do anything with it: give and take from anyone, lie about balances, keep more
/// than it was asked for, and call anybody while it is transferred.
contract ObedientToken is ERC20("Obedient", "OBE") {
    address private _target;
    bytes private _call;
    uint256 private _tax;
    uint256 private _lie;

    /// @notice Whether the call within the last transfer went through.
    bool public succeeded;
    /// @notice What the call within the last transfer returned.
    bytes public answer;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(address from, uint256 amount) external {
        _burn(from, amount);
    }

    /// @notice From now on calls `target` within every transfer.
    function arm(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    /// @notice From now on takes this much more from the sender of a transfer than it was asked for.
    function tax(uint256 amount) external {
        _tax = amount;
    }

    /// @notice From now on everybody has this much more than they have.
    function lie(uint256 amount) external {
        _lie = amount;
    }

    /// @notice Lets the token itself approve, so that it can pay with its own.
    function approveFor(address spender) external {
        _approve(address(this), spender, type(uint256).max);
    }

    function balanceOf(address holder) public view override returns (uint256) {
        return super.balanceOf(holder) + _lie;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from == address(0) || to == address(0)) return;
        if (_tax != 0) super._update(from, address(0x7A8), _tax);
        // solhint-disable-next-line avoid-low-level-calls
        if (_target != address(0)) (succeeded, answer) = _target.call(_call);
    }
}
