// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title DevnetStaking
/// @notice Tells the key network's client which nodes are running, through the same view and event as Lit
/// Protocol's staking contract (network "datil"), which the unmodified client reads. There is no stake here: the
/// devnet lists its own nodes.
contract DevnetStaking is Ownable {
    /// @notice The network's states, in Lit's order.
    enum States {
        Active,
        NextValidatorSetLocked,
        ReadyForNextEpoch,
        Unlocked,
        Paused,
        Restore
    }

    /// @notice A time span with one set of nodes.
    /// @param epochLength How long it lasts, in seconds.
    /// @param number Counts the changes of the set; begins with 1.
    /// @param endTime When it ends (seconds since 1970).
    /// @param retries Not used here.
    /// @param timeout Not used here.
    /// @param startTime When it began (seconds since 1970).
    struct Epoch {
        uint256 epochLength;
        uint256 number;
        uint256 endTime;
        uint256 retries;
        uint256 timeout;
        uint256 startTime;
    }

    /// @notice One node.
    /// @param ip Its IPv4 address as a number; 127.0.0.1 is 0x7f000001.
    /// @param ipv6 Not used by the client.
    /// @param port Its port.
    /// @param nodeAddress The node's own address on the chain.
    /// @param reward Not used here.
    /// @param senderPubKey Not used here.
    /// @param receiverPubKey Not used here.
    /// @param lastActiveEpoch Not used here.
    struct Validator {
        uint32 ip;
        uint128 ipv6;
        uint32 port;
        address nodeAddress;
        uint256 reward;
        uint256 senderPubKey;
        uint256 receiverPubKey;
        uint256 lastActiveEpoch;
    }

    /// @notice How many nodes the network needs to sign.
    uint256 public constant MINIMUM_NODES = 3;

    /// @notice Longer than any devnet lives.
    uint256 public constant EPOCH_LENGTH = 365 days;

    uint256 private _number = 1;
    uint256 private _startTime = block.timestamp;
    Validator[] private _validators;

    /// @notice The network changed its state; clients read the nodes again when it is Active.
    /// @param newState The state.
    event StateChanged(States newState);

    /// @notice Whoever deploys it lists the nodes.
    constructor() Ownable(msg.sender) {}

    /// @notice Lists the running nodes instead of those listed before, and begins a new epoch. Owner only.
    /// @param validators The running nodes.
    function setActiveValidators(Validator[] calldata validators) external onlyOwner {
        delete _validators;
        for (uint256 i = 0; i < validators.length; ++i) {
            _validators.push(validators[i]);
        }
        ++_number;
        _startTime = block.timestamp;
        emit StateChanged(States.Active);
    }

    /// @notice What the key network's client asks for when it connects.
    /// @return epoch The present epoch.
    /// @return minimumNodes How many nodes the network needs to sign.
    /// @return validators The running nodes.
    function getActiveUnkickedValidatorStructsAndCounts()
        external
        view
        returns (Epoch memory epoch, uint256 minimumNodes, Validator[] memory validators)
    {
        epoch = Epoch({
            epochLength: EPOCH_LENGTH,
            number: _number,
            endTime: _startTime + EPOCH_LENGTH,
            retries: 0,
            timeout: 0,
            startTime: _startTime
        });
        return (epoch, MINIMUM_NODES, _validators);
    }
}
