// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {GateRegistry} from "./GateRegistry.sol";

/// @title FactorRegistry
/// @notice Which factors and which gate count for a network-held key. The network's nodes read it before a key
/// signs. A record changes only with a signature of the very key it guards: whoever could change it without that
/// key could let the key sign for somebody else. That also holds for whoever publishes gates: a record moves to a
/// gate only if governance stands behind it, but nothing governance does moves a record.
contract FactorRegistry is EIP712 {
    /// @notice How many factors a record can have at most, so that reading one stays cheap.
    uint256 public constant MAX_FACTORS = 32;

    bytes32 private constant SET_RECORD = keccak256(
        "SetRecord(address key,bytes32 gate,bytes32 factors,uint256 version)"
    );

    GateRegistry private immutable GATES;

    struct Record {
        bytes32 gate;
        uint64 version;
        bytes32[] factors;
    }

    mapping(address key => Record) private _records;

    /// @notice A key's record was set.
    /// @param key The network-held key the record guards.
    /// @param gate The gate that may use the key: the sha2-256 digest inside its CIDv0.
    /// @param version Counts the record's changes; 1 for the first.
    /// @param factors The ids of the factors that count, ascending.
    event RecordSet(address indexed key, bytes32 indexed gate, uint64 version, bytes32[] factors);

    /// @notice A record must name a gate.
    error GateMissing();

    /// @notice Governance does not stand behind the gate, and the record does not name it yet. No node would run it,
    /// so nobody could use the key again.
    /// @param gate The gate that was named.
    error GateNotPublished(bytes32 gate);

    /// @notice A record must name a factor, or nobody could ever use the key again.
    error FactorsMissing();

    /// @notice A record cannot have that many factors.
    /// @param count How many were given.
    /// @param maximum How many there can be.
    error TooManyFactors(uint256 count, uint256 maximum);

    /// @notice Factor ids must be in strictly ascending order.
    /// @param factor The id that should not come at this place.
    error FactorsNotAscending(bytes32 factor);

    /// @notice The change is not signed by the key it concerns, or was signed for another version of the record.
    /// @param key The key that has to sign.
    /// @param signer Who signed, as far as can be told.
    error NotSignedByKey(address key, address signer);

    /// @dev The domain's name and version never change: signatures depend on them.
    /// @param gates Where it says which gates governance stands behind.
    constructor(GateRegistry gates) EIP712("Trivet Factor Registry", "1") {
        GATES = gates;
    }

    /// @notice Sets a key's record. Anyone may submit it.
    /// @param key The network-held key the record guards.
    /// @param gate The gate that may use the key: the sha2-256 digest inside its CIDv0. The record's present one,
    /// or one that governance stands behind.
    /// @param factors The ids of the factors that count, strictly ascending, at least one.
    /// @param signature The key's signature (r, s, v) over SetRecord(key, gate, keccak256(factors), version),
    /// version being the record's version after the change.
    function setRecord(
        address key,
        bytes32 gate,
        bytes32[] calldata factors,
        bytes calldata signature
    ) external {
        if (gate == 0) revert GateMissing();
        if (factors.length == 0) revert FactorsMissing();
        if (factors.length > MAX_FACTORS) revert TooManyFactors(factors.length, MAX_FACTORS);
        for (uint256 i = 1; i < factors.length; ++i) {
            if (factors[i] <= factors[i - 1]) revert FactorsNotAscending(factors[i]);
        }

        Record storage record = _records[key];
        if (gate != record.gate && !GATES.isAccepted(gate)) revert GateNotPublished(gate);
        uint64 version = record.version + 1;
        bytes32 factorsHash = keccak256(abi.encodePacked(factors));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(SET_RECORD, key, gate, factorsHash, version)));
        address signer = ECDSA.recoverCalldata(digest, signature);
        if (signer != key) revert NotSignedByKey(key, signer);

        record.gate = gate;
        record.version = version;
        record.factors = factors;
        emit RecordSet(key, gate, version, factors);
    }

    /// @notice Where it says which gates governance stands behind.
    /// @return The gate registry.
    function gateRegistry() external view returns (GateRegistry) {
        return GATES;
    }

    /// @notice A key's record.
    /// @param key The network-held key the record guards.
    /// @return gate The gate that may use the key; zero when there is no record.
    /// @return version How often the record was changed; 0 when there is none.
    /// @return factors The ids of the factors that count, ascending.
    function recordOf(
        address key
    ) external view returns (bytes32 gate, uint64 version, bytes32[] memory factors) {
        Record storage record = _records[key];
        return (record.gate, record.version, record.factors);
    }
}
