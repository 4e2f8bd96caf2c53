// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What the owner has set, in one slot. Zero stands for the default, so that a new account has nothing to
/// write; see {SettingsLib}.
/// @param recoveryDelay Seconds before a device key added by recovery is active, and before recovery unfreezes.
/// @param removalDelay Seconds before a device key that another one removed by itself is gone.
/// @param singleKeyDelay Seconds before a single-key operation runs.
/// @param overrideDelay Seconds before a device key added by mfa and recovery together is active, whatever device
/// keys say; 0 when they may not overrule device keys.
/// @param singleKeyRoles Which roles may withdraw and call by themselves after singleKeyDelay: bit (1 << role).
/// @param pendingKeysMayCall Whether a pending device key may make the calls in its scope.
/// @param tripwireCount How many keys can be removed within tripwireWindow; one more locks the account.
/// @param tripwireWindow Seconds within which the tripwire counts, whenever they begin.
struct Settings {
    uint32 recoveryDelay;
    uint32 removalDelay;
    uint32 singleKeyDelay;
    uint32 overrideDelay;
    uint8 singleKeyRoles;
    bool pendingKeysMayCall;
    uint8 tripwireCount;
    uint32 tripwireWindow;
}

using SettingsLib for Settings global;

/// @title SettingsLib
/// @notice The settings with their defaults and their bounds.
library SettingsLib {
    /// @dev The bounds of every delay an owner can set.
    uint32 private constant SHORTEST = 1 days;
    uint32 private constant LONGEST = 60 days;
    uint32 private constant SHORTEST_SINGLE_KEY = 3 days;
    uint32 private constant SHORTEST_OVERRIDE = 7 days;
    uint32 private constant LONGEST_OVERRIDE = 180 days;
    /// @dev Bits (1 << role) of all three roles.
    uint8 private constant ALL_ROLES = 0x0e;
    /// @dev As a count: the tripwire is off.
    uint8 private constant TRIPWIRE_OFF = type(uint8).max;
    /// @notice The tripwire never lets more removals pass than this, unless it is off: so many are remembered.
    uint256 internal constant MOST_REMOVALS = 6;
    /// @notice The tripwire never counts over a longer time than this (seconds).
    uint32 internal constant LONGEST_TRIPWIRE_WINDOW = 30 days;

    /// @notice A setting is outside of its bounds.
    /// @param value What was to be set.
    /// @param lowest The lowest value, besides 0 for the default.
    /// @param highest The highest value.
    error SettingOutOfBounds(uint256 value, uint256 lowest, uint256 highest);

    /// @notice How long recovery waits.
    /// @param settings The account's settings.
    /// @return Seconds.
    function recoverySeconds(Settings storage settings) internal view returns (uint32) {
        uint32 set = settings.recoveryDelay;
        return set == 0 ? 7 days : set;
    }

    /// @notice How long the removal of a device key by another one alone waits.
    /// @param settings The account's settings.
    /// @return Seconds.
    function removalSeconds(Settings storage settings) internal view returns (uint32) {
        uint32 set = settings.removalDelay;
        return set == 0 ? 3 days : set;
    }

    /// @notice How long a single-key operation waits.
    /// @param settings The account's settings.
    /// @return Seconds.
    function singleKeySeconds(Settings storage settings) internal view returns (uint32) {
        uint32 set = settings.singleKeyDelay;
        return set == 0 ? 7 days : set;
    }

    /// @notice How many removals of keys lock the account, and within what time.
    /// @param settings The account's settings.
    /// @return count More removals than this lock the account; 255 when it is off.
    /// @return window Seconds.
    function tripwire(Settings storage settings) internal view returns (uint256 count, uint256 window) {
        count = settings.tripwireCount;
        window = settings.tripwireWindow;
        if (count == 0) count = 3;
        if (window == 0) window = 1 days;
    }

    /// @notice Sets the delays, in seconds; 0 stands for the default. Reverts when one is outside of its bounds.
    /// @param settings The account's settings.
    /// @param recoveryDelay 1 to 60 days.
    /// @param removalDelay 1 to 60 days.
    /// @param singleKeyDelay 3 to 60 days.
    /// @param overrideDelay 7 to 180 days; 0 switches overruling off.
    function setDelays(
        Settings storage settings,
        uint32 recoveryDelay,
        uint32 removalDelay,
        uint32 singleKeyDelay,
        uint32 overrideDelay
    ) internal {
        _requireWithin(recoveryDelay, SHORTEST, LONGEST);
        _requireWithin(removalDelay, SHORTEST, LONGEST);
        _requireWithin(singleKeyDelay, SHORTEST_SINGLE_KEY, LONGEST);
        _requireWithin(overrideDelay, SHORTEST_OVERRIDE, LONGEST_OVERRIDE);
        settings.recoveryDelay = recoveryDelay;
        settings.removalDelay = removalDelay;
        settings.singleKeyDelay = singleKeyDelay;
        settings.overrideDelay = overrideDelay;
    }

    /// @notice Sets the other rules.
    /// @param settings The account's settings.
    /// @param singleKeyRoles Bits (1 << role). Reverts when it has others.
    /// @param pendingKeysMayCall Whether a pending device key may make the calls in its scope.
    /// @param tripwireCount 1 to 6, 0 for the default, 255 to switch the tripwire off. Reverts with any other.
    /// @param tripwireWindow Seconds, 1 hour to 30 days; 0 for the default. Reverts when out of bounds.
    function setRules(
        Settings storage settings,
        uint8 singleKeyRoles,
        bool pendingKeysMayCall,
        uint8 tripwireCount,
        uint32 tripwireWindow
    ) internal {
        if (singleKeyRoles & ~ALL_ROLES != 0) revert SettingOutOfBounds(singleKeyRoles, 0, ALL_ROLES);
        if (tripwireCount != TRIPWIRE_OFF) _requireWithin(tripwireCount, 1, MOST_REMOVALS);
        _requireWithin(tripwireWindow, 1 hours, LONGEST_TRIPWIRE_WINDOW);
        settings.singleKeyRoles = singleKeyRoles;
        settings.pendingKeysMayCall = pendingKeysMayCall;
        settings.tripwireCount = tripwireCount;
        settings.tripwireWindow = tripwireWindow;
    }

    function _requireWithin(uint256 value, uint256 lowest, uint256 highest) private pure {
        if (value != 0 && (value < lowest || value > highest)) {
            revert SettingOutOfBounds(value, lowest, highest);
        }
    }
}
