// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Change} from "./Changes.sol";
import {Roles} from "./Roles.sol";

/// @title ReadableChanges
/// @notice The two texts of every change's readable form, rebuilt from the very words the compact form has.
/// core/operations builds the same texts; a test compares them.
library ReadableChanges {
    /// @notice The two texts of a change.
    /// @param change Which change.
    /// @param values Its words; each a value of its field, see {Changes}.
    /// @return title The Change field, such as "Remove key".
    /// @return value The Value field.
    function texts(
        Change change,
        bytes32[] calldata values
    ) internal pure returns (string memory title, string memory value) {
        if (change == Change.AddKey) {
            string memory expiry =
                uint256(values[2]) == 0 ? "" : string.concat(", expires ", _number(values[2]));
            return (
                string.concat("Add ", _roleName(values[0]), " key"),
                string.concat(_id(values[1]), expiry)
            );
        }
        if (change == Change.ActivateKey) return ("Activate key", _id(values[0]));
        if (change == Change.RejectKey) return ("Reject key", _id(values[0]));
        if (change == Change.RemoveKey) return ("Remove key", _id(values[0]));
        if (change == Change.SetThreshold) {
            return (string.concat("Set ", _roleName(values[0]), " threshold"), _number(values[1]));
        }
        if (change == Change.SetEmergencyAddress) {
            return (_either(values[1], "Add", "Remove", " emergency address"), _address(values[0]));
        }
        if (change == Change.SetAllowlisted) {
            return (_either(values[1], "Allow", "Disallow", " recipient"), _address(values[0]));
        }
        if (change == Change.SetScope) {
            string memory call = string.concat(
                _address(values[1]),
                ".",
                Strings.toHexString(uint256(values[2]) >> 224, 4)
            );
            return (
                _either(values[3], "Allow", "Disallow", " calls"),
                string.concat(_id(values[0]), " ", call)
            );
        }
        if (change == Change.SetLimit) {
            return (
                "Set daily limit",
                string.concat(_id(values[0]), " ", _number(values[2]), " of ", _address(values[1]))
            );
        }
        if (change == Change.SetHours) {
            return ("Set closed hours", string.concat(_id(values[0]), " ", _number(values[1])));
        }
        if (change == Change.SetDelays) {
            return (
                "Set delays",
                string.concat(
                    string.concat("recovery ", _number(values[0]), " s, removal ", _number(values[1])),
                    string.concat(" s, single key ", _number(values[2]), " s, override "),
                    string.concat(_number(values[3]), " s")
                )
            );
        }
        if (change == Change.SetRules) {
            return (
                "Set rules",
                string.concat(
                    string.concat("single key roles ", _number(values[0]), ", pending keys may call: "),
                    string.concat(_either(values[1], "yes", "no", ""), ", tripwire ", _number(values[2])),
                    string.concat(" in ", _number(values[3]), " s")
                )
            );
        }
        if (change == Change.SetSuccessor) return ("Set successor", _address(values[0]));
        if (change == Change.Lock) return ("Lock account", "for 7 days");
        if (change == Change.Archive) return ("Archive account", "until unfrozen");
        if (change == Change.Unfreeze) return ("Unfreeze account", "now or after the recovery delay");
        return (change == Change.Cancel ? "Cancel operation" : "Re-arm operation", _id(values[0]));
    }

    function _roleName(bytes32 role) private pure returns (string memory) {
        if (uint256(role) == Roles.DEVICE) return "device";
        return uint256(role) == Roles.MFA ? "MFA" : "recovery";
    }

    function _either(
        bytes32 flag,
        string memory yes,
        string memory no,
        string memory rest
    ) private pure returns (string memory) {
        return string.concat(flag != 0 ? yes : no, rest);
    }

    function _id(bytes32 id) private pure returns (string memory) {
        return Strings.toHexString(uint256(id), 32);
    }

    function _address(bytes32 word) private pure returns (string memory) {
        return Strings.toHexString(address(uint160(uint256(word))));
    }

    function _number(bytes32 word) private pure returns (string memory) {
        return Strings.toString(uint256(word));
    }
}
