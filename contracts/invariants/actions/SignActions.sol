// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {Effect, Kind} from "../../src/account/Policy.sol";
import {Attempt, Attempts, Door, Flaw} from "../model/Attempts.sol";

/// @title SignActions
/// @notice What an account signs for other contracts: ERC-1271 through ERC-7739, whose PersonalSign binds a hash to one
/// account.
abstract contract SignActions is Attempts {
    /// @dev Somebody asks an account whether it signed something.
    function _isSigned() internal {
        Attempt memory attempt = _attempt();
        attempt.door = Door.Relay;
        // There is no nonce.
        if (attempt.flaw >= Flaw.UsedNonce) attempt.flaw = Flaw.None;
        bytes32 hash = bytes32(_draw(type(uint256).max));
        bytes memory signatures = _sign(attempt, _personalDigest(hash));
        vm.chainId(31337);
        bool allowed = _effectOf(attempt, Kind.Sign, _signers(attempt, NOBODY, false)) == Effect.Now;
        (bool answered, bytes memory answer) = address(_models[attempt.index].account).staticcall(
            abi.encodeCall(IERC1271.isValidSignature, (hash, signatures))
        );
        bool signed = answered && bytes4(abi.decode(answer, (bytes32))) == IERC1271.isValidSignature.selector;
        _compare(signed, allowed);
        if (signed) ++successes["signature"];
    }

    function _personalDigest(bytes32 hash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trivet"),
                keccak256("1"),
                block.chainid,
                account
            )
        );
        bytes32 structHash = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), hash));
        return keccak256(bytes.concat(hex"1901", domain, structHash));
    }
}
