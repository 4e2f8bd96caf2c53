// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice One small number per role, a byte each: byte 1 for device keys, byte 2 for mfa keys, byte 3 for
/// recovery keys. Used for how many keys a role has, how many have to sign (thresholds) and how many did.
type RoleCounts is uint32;

using Roles for RoleCounts global;

/// @title Roles
/// @notice The roles a key can have, and arithmetic on one number per role.
library Roles {
    /// @notice No role: the key is not known to the account.
    uint8 internal constant NONE = 0;
    /// @notice The key on the owner's computer.
    uint8 internal constant DEVICE = 1;
    /// @notice The second factor: held by the key network, a hardware wallet, another contract.
    uint8 internal constant MFA = 2;
    /// @notice The key that gets the owner back in.
    uint8 internal constant RECOVERY = 3;

    /// @notice One for each role.
    RoleCounts internal constant ONE_EACH = RoleCounts.wrap(0x01010100);

    /// @notice The number that belongs to a role.
    /// @param counts The numbers of all roles.
    /// @param role DEVICE, MFA or RECOVERY; any other number gives 0.
    /// @return The role's number, 0 to 255.
    function forRole(RoleCounts counts, uint8 role) internal pure returns (uint256) {
        return uint8(RoleCounts.unwrap(counts) >> (uint256(role) << 3));
    }

    /// @notice Whether enough keys of a role signed. A role for which nobody signed never has enough, whatever its
    /// threshold, so that an account without settings has no authority at all.
    /// @param signed How many keys of each role signed.
    /// @param thresholds How many of each role have to.
    /// @param role DEVICE, MFA or RECOVERY.
    /// @return True when the role counts.
    function enough(RoleCounts signed, RoleCounts thresholds, uint8 role) internal pure returns (bool) {
        uint256 count = forRole(signed, role);
        return count != 0 && count >= forRole(thresholds, role);
    }

    /// @notice The numbers with one role's raised by one. It must be below 255 before: a role has at most that many
    /// keys, and each of them is counted once.
    /// @param counts The numbers of all roles.
    /// @param role DEVICE, MFA or RECOVERY.
    /// @return The new numbers.
    function plusOne(RoleCounts counts, uint8 role) internal pure returns (RoleCounts) {
        unchecked {
            return RoleCounts.wrap(RoleCounts.unwrap(counts) + uint32(1 << (uint256(role) << 3)));
        }
    }

    /// @notice The numbers with one role's lowered by one. It must be above 0 before.
    /// @param counts The numbers of all roles.
    /// @param role DEVICE, MFA or RECOVERY.
    /// @return The new numbers.
    function minusOne(RoleCounts counts, uint8 role) internal pure returns (RoleCounts) {
        unchecked {
            return RoleCounts.wrap(RoleCounts.unwrap(counts) - uint32(1 << (uint256(role) << 3)));
        }
    }

    /// @notice The numbers with one role's set.
    /// @param counts The numbers of all roles.
    /// @param role DEVICE, MFA or RECOVERY.
    /// @param number The role's new number.
    /// @return The new numbers.
    function withRole(RoleCounts counts, uint8 role, uint8 number) internal pure returns (RoleCounts) {
        uint256 shift = uint256(role) << 3;
        uint32 others = RoleCounts.unwrap(counts) & ~uint32(0xff << shift);
        return RoleCounts.wrap(others | uint32(uint256(number) << shift));
    }
}
