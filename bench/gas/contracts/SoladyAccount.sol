// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {ERC4337} from "solady/src/accounts/ERC4337.sol";

/// @title SoladyAccount
/// @notice Solady's ERC-4337 account as it is, with the EntryPoint all accounts are measured with.
contract SoladyAccount is ERC4337 {
    /// @inheritdoc ERC4337
    function entryPoint() public pure override returns (address) {
        return address(ERC4337Utils.ENTRYPOINT_V08);
    }

    function _domainNameAndVersion()
        internal
        pure
        override
        returns (string memory name, string memory version)
    {
        return ("SoladyAccount", "1");
    }
}
