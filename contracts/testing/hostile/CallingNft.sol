// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice An ERC-721 token that, while it moves, sends somebody a call of its maker's choice.
contract CallingNft is ERC721("Calling", "CAL") {
    address private _target;
    bytes private _call;

    /// @notice Whether the call within the last transfer went through.
    bool public succeeded;
    /// @notice What the call within the last transfer returned.
    bytes public answer;

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function arm(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    function _update(address to, uint256 id, address authorized) internal override returns (address from) {
        from = super._update(to, id, authorized);
        // solhint-disable-next-line avoid-low-level-calls
        if (_target != address(0)) (succeeded, answer) = _target.call(_call);
    }
}
