// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Test} from "../testing/Test.sol";
import {FactorRegistry} from "./FactorRegistry.sol";
import {GateRegistry} from "./GateRegistry.sol";

contract FactorRegistryTest is Test {
    GateRegistry private gates = GateRegistry(
        _deploy("src/GateRegistry.sol:GateRegistry", abi.encode(address(this)))
    );
    FactorRegistry private registry = FactorRegistry(
        _deploy("src/FactorRegistry.sol:FactorRegistry", abi.encode(gates))
    );
    uint256 private privateKey = uint256(keccak256("network key"));
    address private key = vm.addr(privateKey);
    bytes32 private gate = keccak256("gate");

    function setUp() public {
        gates.publish(gate);
    }

    function testFuzz_TheKeySetsItsRecordAgainAndAgain(uint8 count, bytes32 seed) public {
        for (uint64 version = 1; version <= 3; ++version) {
            bytes32[] memory factors = _factors(bound(count, 3, 32) / version, seed);
            bytes32 newGate = keccak256(abi.encode(gate, version));
            gates.publish(newGate);
            bytes memory signature = _sign(privateKey, newGate, factors, version);
            vm.expectEmit();
            emit FactorRegistry.RecordSet(key, newGate, version, factors);
            registry.setRecord(key, newGate, factors, signature);
            _expectRecord(newGate, version, factors);
        }
    }

    function test_AKeyWithoutARecordHasNone() public view {
        _expectRecord(0, 0, new bytes32[](0));
    }

    function test_ASignatureWorksForItsVersionOnly() public {
        bytes32[] memory factors = _factors(2, "a");
        bytes memory signature = _sign(privateKey, gate, factors, 1);
        registry.setRecord(key, gate, factors, signature);
        vm.expectPartialRevert(FactorRegistry.NotSignedByKey.selector);
        registry.setRecord(key, gate, factors, signature);
    }

    function testFuzz_NobodyElseSetsIt(uint256 other) public {
        other = bound(other, 1, type(uint128).max);
        vm.assume(other != privateKey);
        bytes32[] memory factors = _factors(1, "a");
        bytes memory signature = _sign(other, gate, factors, 1);
        vm.expectRevert(abi.encodeWithSelector(FactorRegistry.NotSignedByKey.selector, key, vm.addr(other)));
        registry.setRecord(key, gate, factors, signature);
    }

    function test_WhatWasSignedCannotBeChanged() public {
        bytes32[] memory factors = _factors(2, "a");
        bytes memory signature = _sign(privateKey, gate, factors, 1);
        gates.publish("other gate");
        vm.expectPartialRevert(FactorRegistry.NotSignedByKey.selector);
        registry.setRecord(key, "other gate", factors, signature);
        vm.expectPartialRevert(FactorRegistry.NotSignedByKey.selector);
        registry.setRecord(key, gate, _factors(2, "b"), signature);
        vm.expectPartialRevert(FactorRegistry.NotSignedByKey.selector);
        registry.setRecord(vm.addr(7), gate, factors, signature);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(FactorRegistry.NotSignedByKey.selector);
        registry.setRecord(key, gate, factors, signature);
    }

    function test_AnotherRegistryDoesNotTakeIt() public {
        bytes32[] memory factors = _factors(1, "a");
        bytes memory signature = _sign(privateKey, gate, factors, 1);
        FactorRegistry other = FactorRegistry(
            _deploy("src/FactorRegistry.sol:FactorRegistry", abi.encode(gates))
        );
        vm.expectPartialRevert(FactorRegistry.NotSignedByKey.selector);
        other.setRecord(key, gate, factors, signature);
    }

    function test_ABrokenSignatureIsNoSignature() public {
        bytes32[] memory factors = _factors(1, "a");
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureLength.selector);
        registry.setRecord(key, gate, factors, "");
        vm.expectRevert(ECDSA.ECDSAInvalidSignature.selector);
        registry.setRecord(address(0), gate, factors, new bytes(65));
    }

    function test_FactorsMustAscendAndNoneMayBeThereTwice() public {
        bytes32[] memory factors = new bytes32[](2);
        (factors[0], factors[1]) = (bytes32("b"), "a");
        bytes memory signature = _sign(privateKey, gate, factors, 1);
        vm.expectRevert(abi.encodeWithSelector(FactorRegistry.FactorsNotAscending.selector, bytes32("a")));
        registry.setRecord(key, gate, factors, signature);
        factors[1] = "b";
        signature = _sign(privateKey, gate, factors, 1);
        vm.expectRevert(abi.encodeWithSelector(FactorRegistry.FactorsNotAscending.selector, bytes32("b")));
        registry.setRecord(key, gate, factors, signature);
    }

    function test_ARecordNeedsAGateAndOneToThirtyTwoFactors() public {
        bytes32[] memory none = new bytes32[](0);
        bytes memory signature = _sign(privateKey, gate, none, 1);
        vm.expectRevert(FactorRegistry.FactorsMissing.selector);
        registry.setRecord(key, gate, none, signature);

        bytes32[] memory many = _factors(33, "a");
        signature = _sign(privateKey, gate, many, 1);
        vm.expectRevert(abi.encodeWithSelector(FactorRegistry.TooManyFactors.selector, 33, 32));
        registry.setRecord(key, gate, many, signature);

        bytes32[] memory one = _factors(1, "a");
        signature = _sign(privateKey, 0, one, 1);
        vm.expectRevert(FactorRegistry.GateMissing.selector);
        registry.setRecord(key, 0, one, signature);
    }

    function test_ARecordMovesToAGateThatIsPublishedOnly() public {
        bytes32[] memory factors = _factors(1, "a");
        assertEq(address(registry.gateRegistry()), address(gates));
        _expectNotPublished("unknown", factors, 1);
        registry.setRecord(key, gate, factors, _sign(privateKey, gate, factors, 1));
        _expectNotPublished("newer", factors, 2);
        gates.publish("newer");
        registry.setRecord(key, "newer", factors, _sign(privateKey, "newer", factors, 2));
        // Back to the previous one, which governance still stands behind.
        registry.setRecord(key, gate, factors, _sign(privateKey, gate, factors, 3));
        gates.rollBack();
        _expectNotPublished("newer", factors, 4);
        _expectRecord(gate, 3, factors);
    }

    function test_ARecordKeepsItsGateWhateverGovernanceDoes() public {
        bytes32[] memory factors = _factors(1, "a");
        registry.setRecord(key, gate, factors, _sign(privateKey, gate, factors, 1));
        gates.publish("newer");
        gates.publish("newest");
        assertFalse(gates.isAccepted(gate));
        _expectRecord(gate, 1, factors);
        // Its factors still change, and its gate may stay.
        bytes32[] memory others = _factors(2, "b");
        registry.setRecord(key, gate, others, _sign(privateKey, gate, others, 2));
        _expectRecord(gate, 2, others);
        registry.setRecord(key, "newest", others, _sign(privateKey, "newest", others, 3));
        _expectNotPublished(gate, others, 4);
    }

    function testFuzz_NobodyElseChangesAnything(address caller, bytes32 newGate, bytes calldata junk) public {
        bytes32[] memory factors = _factors(2, "a");
        registry.setRecord(key, gate, factors, _sign(privateKey, gate, factors, 1));
        if (newGate != 0 && newGate != gate) gates.publish(newGate);

        bytes[3] memory attempts = [
            abi.encodeCall(registry.setRecord, (key, newGate, _factors(1, "b"), junk)),
            abi.encodeCall(registry.setRecord, (key, gate, factors, _sign(privateKey, gate, factors, 1))),
            junk
        ];
        for (uint256 i = 0; i < attempts.length; ++i) {
            vm.prank(caller);
            (bool success, ) = address(registry).call(attempts[i]);
            // Of any bytes some ask for a record, which changes nothing.
            assertTrue(!success || i == 2);
            _expectRecord(gate, 1, factors);
        }
    }

    function _expectNotPublished(bytes32 gate_, bytes32[] memory factors, uint256 version) private {
        bytes memory signature = _sign(privateKey, gate_, factors, version);
        vm.expectRevert(abi.encodeWithSelector(FactorRegistry.GateNotPublished.selector, gate_));
        registry.setRecord(key, gate_, factors, signature);
    }

    function _expectRecord(bytes32 gate_, uint64 version, bytes32[] memory factors) private view {
        (bytes32 seenGate, uint64 seenVersion, bytes32[] memory seenFactors) = registry.recordOf(key);
        assertEq(seenGate, gate_);
        assertEq(seenVersion, version);
        assertEq(keccak256(abi.encode(seenFactors)), keccak256(abi.encode(factors)));
    }

    /// @dev Ascending ids that depend on the seed.
    function _factors(uint256 count, bytes32 seed) private pure returns (bytes32[] memory factors) {
        factors = new bytes32[](count);
        uint256 first = uint256(seed) >> 8;
        for (uint256 i = 0; i < count; ++i) factors[i] = bytes32(first + i);
    }

    function _sign(
        uint256 signer,
        bytes32 gate_,
        bytes32[] memory factors,
        uint256 version
    ) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trivet Factor Registry"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 typeHash = keccak256("SetRecord(address key,bytes32 gate,bytes32 factors,uint256 version)");
        bytes32 factorsHash = keccak256(abi.encodePacked(factors));
        bytes32 structHash = keccak256(abi.encode(typeHash, key, gate_, factorsHash, version));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            signer,
            keccak256(bytes.concat(hex"1901", domain, structHash))
        );
        return bytes.concat(r, s, bytes1(v));
    }
}
