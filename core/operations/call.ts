import type { Abi } from "viem";
import { encodeAbiParameters, encodeFunctionData } from "viem/utils";
import { keyId } from "../keys/key.ts";
import { ROLE_NUMBER } from "../keys/role.ts";
import type { Hex } from "../primitives/hex.ts";
import { changeRow } from "./changes.ts";
import { changeWords } from "./change-words.ts";
import type { Operation } from "./operation.ts";
import { encodeSignatures, type KeySignature } from "./signatures.ts";
import { assetStructs } from "./typed-data.ts";

const withdrawAbi = [
  {
    type: "function",
    name: "withdraw",
    stateMutability: "nonpayable",
    inputs: [
      { name: "token", type: "address" },
      { name: "to", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "signatures", type: "bytes" },
    ],
    outputs: [],
  },
] as const satisfies Abi;

const replaceKeyAbi = [
  {
    type: "function",
    name: "replaceKey",
    stateMutability: "nonpayable",
    inputs: [
      { name: "role", type: "uint8" },
      { name: "oldKey", type: "bytes32" },
      { name: "newKey", type: "bytes32" },
      { name: "nonce", type: "uint256" },
      { name: "reveal", type: "bytes" },
      { name: "signatures", type: "bytes" },
    ],
    outputs: [],
  },
] as const satisfies Abi;

const executeAbi = [
  {
    type: "function",
    name: "execute",
    stateMutability: "nonpayable",
    inputs: [
      {
        name: "calls",
        type: "tuple[]",
        components: [
          { name: "target", type: "address" },
          { name: "value", type: "uint256" },
          { name: "data", type: "bytes" },
        ],
      },
      { name: "nonce", type: "uint256" },
      { name: "signatures", type: "bytes" },
    ],
    outputs: [],
  },
] as const satisfies Abi;

const migrateAbi = [
  {
    type: "function",
    name: "migrate",
    stateMutability: "nonpayable",
    inputs: [
      { name: "successor", type: "address" },
      {
        name: "assets",
        type: "tuple[]",
        components: [
          { name: "standard", type: "uint8" },
          { name: "token", type: "address" },
          { name: "id", type: "uint256" },
        ],
      },
      { name: "nonce", type: "uint256" },
      { name: "signatures", type: "bytes" },
    ],
    outputs: [],
  },
] as const satisfies Abi;

const changeAbi = [
  {
    type: "function",
    name: "change",
    stateMutability: "nonpayable",
    inputs: [
      { name: "change", type: "uint8" },
      { name: "values", type: "bytes32[]" },
      { name: "nonce", type: "uint256" },
      { name: "signatures", type: "bytes" },
    ],
    outputs: [],
  },
] as const satisfies Abi;

const REVEAL = [{ type: "bytes" }, { type: "bytes32" }, { type: "bytes" }, { type: "bytes32" }] as const;

/**
 * The call that runs a signed operation on its account; anyone may send it. Without signatures, it is the call that
 * runs an operation whose time in the schedule has come.
 * Signers of a key replacement are revealed on the chain only when a signature covers the readable form.
 */
export function encodeOperation(operation: Operation, signatures: readonly KeySignature[]): Hex {
  const encoded = encodeSignatures(signatures);
  switch (operation.kind) {
    case "withdraw":
      return encodeFunctionData({
        abi: withdrawAbi,
        args: [operation.token, operation.to, operation.amount, operation.nonce, encoded],
      });
    case "replaceKey": {
      const { role, oldKey, newKey, nonce } = operation;
      const reveal: Hex = signatures.some(({ form }) => form === "readable")
        ? encodeAbiParameters(REVEAL, [newKey.signer, newKey.salt, oldKey.signer, oldKey.salt])
        : "0x";
      return encodeFunctionData({
        abi: replaceKeyAbi,
        args: [ROLE_NUMBER[role], keyId(oldKey), keyId(newKey), nonce, reveal, encoded],
      });
    }
    case "execute":
      return encodeFunctionData({ abi: executeAbi, args: [operation.calls, operation.nonce, encoded] });
    case "migrate":
      return encodeFunctionData({
        abi: migrateAbi,
        args: [operation.successor, assetStructs(operation), operation.nonce, encoded],
      });
    default:
      return encodeFunctionData({
        abi: changeAbi,
        args: [changeRow(operation.kind).number, changeWords(operation), operation.nonce, encoded],
      });
  }
}
