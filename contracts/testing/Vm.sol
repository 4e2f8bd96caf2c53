// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Vm
/// @notice The part of the test runner's cheat codes that our tests use; they live at a fixed address.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function getNonce(address account) external view returns (uint64 nonce);

    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);

    function assume(bool condition) external pure;

    function chainId(uint256 id) external;

    function deal(address account, uint256 balance) external;

    function etch(address account, bytes calldata code) external;

    function expectCall(address callee, bytes calldata data, uint64 times) external;

    function expectEmit() external;

    function expectPartialRevert(bytes4 selector) external;

    function expectRevert(bytes calldata reason) external;

    function expectRevert(bytes4 selector) external;

    function getCode(string calldata artifact) external view returns (bytes memory creationCode);

    function load(address account, bytes32 slot) external view returns (bytes32);

    function prank(address sender) external;

    function store(address account, bytes32 slot, bytes32 value) external;

    function warp(uint256 time) external;
}
