// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Circumstances, Effect, Frozen, Kind, Policy} from "../src/account/Policy.sol";
import {RoleCounts} from "../src/account/Roles.sol";

/// @title PolicyHarness
/// @notice Lets tests ask the policy library itself, many questions at a time.
contract PolicyHarness {
    uint256 private constant SETTINGS = (uint256(type(Frozen).max) + 1) << 6;

    /// @notice How many kinds there are.
    /// @return The number of kinds.
    function kinds() external pure returns (uint256) {
        return uint256(type(Kind).max) + 1;
    }

    /// @notice When operations of a kind take effect, in every combination of the settings that are no numbers of
    /// keys: for each question 192 answers, ordered by the bits
    ///   frozen (0 to 2) << 6 | vetoByAny << 5 | overrideOn << 4 | allowed << 3 | the roles of singleKeyRoles.
    /// @param kind What is asked for.
    /// @param signed For each question, how many active keys of each role signed, as RoleCounts, 4 bytes each.
    /// @param thresholds For each question, how many of each role have to, in the same way.
    /// @return effects An effect a byte.
    function effectsOf(
        Kind kind,
        bytes calldata signed,
        bytes calldata thresholds
    ) external pure returns (bytes memory effects) {
        effects = new bytes((signed.length / 4) * SETTINGS);
        Circumstances memory c;
        uint256 next;
        assembly ("memory-safe") {
            next := add(effects, 0x20)
        }
        for (uint256 i = 0; i < signed.length; i += 4) {
            c.signed = RoleCounts.wrap(uint32(bytes4(signed[i:i + 4])));
            c.thresholds = RoleCounts.wrap(uint32(bytes4(thresholds[i:i + 4])));
            // Millions of times: nothing is written twice, and without the checks of an index.
            for (uint256 setting = 0; setting < SETTINGS; setting += 8) {
                c.frozen = Frozen(setting >> 6);
                c.vetoByAny = setting & 32 != 0;
                c.overrideOn = setting & 16 != 0;
                c.allowed = setting & 8 != 0;
                for (uint8 roles = 0; roles < 16; roles += 2) {
                    c.singleKeyRoles = roles;
                    Effect effect = Policy.effectOf(kind, c);
                    assembly ("memory-safe") {
                        mstore8(next, effect)
                        next := add(next, 1)
                    }
                }
            }
        }
    }

    /// @notice Asks one question, and lets the policy say what is missing.
    /// @param kind What is asked for.
    /// @param c Who signed, what the owner has set, and whether the account stands still.
    /// @return The effect; reverts when there is none.
    function requireEffect(Kind kind, Circumstances calldata c) external pure returns (Effect) {
        return Policy.requireEffect(kind, c);
    }
}
