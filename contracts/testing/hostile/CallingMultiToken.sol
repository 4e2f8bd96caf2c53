// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @notice An ERC-1155 token that, while it moves, sends somebody a call of its maker's choice.
contract CallingMultiToken is ERC1155("") {
    address private _target;
    bytes private _call;

    /// @notice Whether the call within the last transfer went through.
    bool public succeeded;
    /// @notice What the call within the last transfer returned.
    bytes public answer;

    /// @notice Mints as a token may that asks no receiver.
    function mint(address to, uint256 id, uint256 amount) external {
        uint256[] memory ids = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        (ids[0], amounts[0]) = (id, amount);
        _update(address(0), to, ids, amounts);
    }

    function arm(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    function _update(
        address from,
        address to,
        uint256[] memory ids,
        uint256[] memory amounts
    ) internal override {
        super._update(from, to, ids, amounts);
        // solhint-disable-next-line avoid-low-level-calls
        if (_target != address(0)) (succeeded, answer) = _target.call(_call);
    }
}
