// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title AliasRegistry
/// @notice Where an account went. An account cannot be upgraded; when its owner moves to a successor, the account
/// says so here, and whoever knows the old address finds the new one. Only an account itself says where it went; it
/// may point elsewhere later, or nowhere again. Nothing here gives anyone power over an account or its funds.
contract AliasRegistry {
    /// @notice How many successors are followed at most.
    uint256 public constant MAX_STEPS = 32;

    /// @notice The next successor of an account; zero when it points nowhere.
    mapping(address account => address successor) public successorOf;

    /// @notice An account points to another successor.
    /// @param account The account.
    /// @param successor Where it points from now on; zero for nowhere.
    /// @param previous Where it pointed before; zero for nowhere.
    event Pointed(address indexed account, address indexed successor, address indexed previous);

    /// @notice The successor leads back to the account. An account that moves back to an earlier one makes the
    /// earlier one point nowhere first.
    /// @param account The account.
    /// @param successor The successor it named.
    error AliasCycle(address account, address successor);

    /// @notice There are more successors than are followed.
    /// @param account The account whose successors were followed.
    /// @param reached How far they were followed; asking for this one goes on from there.
    error TooManySuccessors(address account, address reached);

    /// @notice Says where the calling account went.
    /// @param successor The account that takes its place; zero for nowhere. Reverts when it leads back to the caller.
    function pointTo(address successor) external {
        address reached = successor;
        // The caller's own pointer does not count: it is what changes. Every pointer was checked like this, so
        // following them never goes round in a circle.
        for (uint256 steps = 0; reached != address(0); ++steps) {
            if (reached == msg.sender) revert AliasCycle(msg.sender, successor);
            if (steps == MAX_STEPS) revert TooManySuccessors(msg.sender, reached);
            reached = successorOf[reached];
        }
        address previous = successorOf[msg.sender];
        successorOf[msg.sender] = successor;
        emit Pointed(msg.sender, successor, previous);
    }

    /// @notice Follows an account's successors to the end.
    /// @param account Where to begin.
    /// @return last The last one: the account itself when it points nowhere.
    function resolve(address account) external view returns (address last) {
        last = account;
        uint256 steps = 0;
        for (address next = successorOf[account]; next != address(0); next = successorOf[next]) {
            if (steps == MAX_STEPS) revert TooManySuccessors(account, last);
            ++steps;
            last = next;
        }
    }
}
