// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title GateRegistry
/// @notice Which gates governance stands behind: the canonical one and the one before it, so that nobody is
/// locked out on the day a new one is published. Which gate a key really uses is in its factor record; this
/// registry moves nobody. A gate is named by the sha2-256 digest inside its CIDv0.
contract GateRegistry is Ownable2Step {
    /// @notice The gate for new keys; zero before the first was published.
    bytes32 public canonical;

    /// @notice The gate before that, still accepted; zero when there is none.
    bytes32 public previous;

    /// @notice A gate became the canonical one.
    /// @param gate The new canonical gate.
    /// @param previous The one before, still accepted.
    event GatePublished(bytes32 indexed gate, bytes32 indexed previous);

    /// @notice The canonical gate was withdrawn, and the previous one took its place again.
    /// @param withdrawn The gate that is not accepted any more.
    /// @param gate The gate that is canonical again.
    event GateRolledBack(bytes32 indexed withdrawn, bytes32 indexed gate);

    /// @notice Zero is not a gate.
    error GateMissing();

    /// @notice The gate is the canonical one already.
    /// @param gate The gate.
    error GateAlreadyCanonical(bytes32 gate);

    /// @notice There is no previous gate to go back to.
    error NothingToRollBackTo();

    /// @notice There is always somebody who can publish a gate and withdraw a faulty one.
    error GovernanceCannotRenounce();

    /// @param governance Who publishes gates and rolls back. Another one takes over in two steps: this one names
    /// it ({transferOwnership}), and it accepts ({acceptOwnership}).
    constructor(address governance) Ownable(governance) {}

    /// @notice Makes a gate the canonical one; the present one becomes the previous. Governance only.
    /// @param gate The sha2-256 digest inside the gate's CIDv0.
    function publish(bytes32 gate) external onlyOwner {
        if (gate == 0) revert GateMissing();
        if (gate == canonical) revert GateAlreadyCanonical(gate);
        previous = canonical;
        canonical = gate;
        emit GatePublished(gate, previous);
    }

    /// @notice Withdraws the canonical gate; the previous one takes its place again. Governance only.
    function rollBack() external onlyOwner {
        if (previous == 0) revert NothingToRollBackTo();
        bytes32 withdrawn = canonical;
        canonical = previous;
        previous = 0;
        emit GateRolledBack(withdrawn, canonical);
    }

    /// @notice Refuses: without governance no faulty gate could ever be withdrawn.
    function renounceOwnership() public pure override {
        revert GovernanceCannotRenounce();
    }

    /// @notice Whether governance stands behind a gate.
    /// @param gate The sha2-256 digest inside the gate's CIDv0.
    /// @return True for the canonical and the previous one.
    function isAccepted(bytes32 gate) external view returns (bool) {
        return gate != 0 && (gate == canonical || gate == previous);
    }
}
