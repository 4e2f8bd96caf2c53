import { parseAbi } from "viem";

/**
 * What the kit asks of an account, as far as no operation does it. The renderer knows only `core`, so these lines stand
 * here once more; a test compares each with the compiled contracts.
 */
export const accountAbi = parseAbi([
  "function getNonce(uint192 lane) view returns (uint256 nonce)",
  "function signersOf(bytes32 digest, bytes signatures) view returns (uint32 roles)",
  "function getKeyDetails(bytes32 keyId) view returns ((uint8 role, uint48 activeFrom, uint48 expires, uint16 addedInEpoch, bool byTime, bool vetoProof, uint24 closedHours, uint48 lockedAt, uint24 serial) key, bool active)",
  "function threshold(uint8 role) view returns (uint256)",
  "function getSettings() view returns ((uint32 recoveryDelay, uint32 removalDelay, uint32 singleKeyDelay, uint32 overrideDelay, uint8 singleKeyRoles, bool pendingKeysMayCall, uint8 tripwireCount, uint32 tripwireWindow) settings, address successor)",
  "function getFreeze() view returns (uint8 frozen, uint256 until, uint256 epoch)",
  "function getScheduled(bytes32 operation) view returns ((uint48 executableAt, uint16 epoch, uint8 effect, uint24 keysAdded, bytes32 proposer, bytes32[] others) entry, bool asleep)",
  "function isEmergencyAddress(address account) view returns (bool)",
  "function emergencyWithdraw(address token, uint256 amount)",
  "function emergencyWithdrawERC721(address token, uint256 id)",
  "function emergencyWithdrawERC1155(address token, uint256 id, uint256 amount)",
  "function unfreezeAsSuccessor()",
  "event KeyPendingUntil(bytes32 indexed keyId, uint256 activeFrom)",
  "event OperationScheduled(bytes32 indexed operation, uint8 effect, uint256 executableAt, bytes32 indexed proposer, bytes call)",
]);

export const factoryAbi = parseAbi([
  "function createAccount(bytes32 deviceKey, bytes32 mfaKey, bytes32 recoveryKey, bytes32 salt) returns (address account)",
]);

/** Of a collection whose tokens are one of a kind. */
export const erc721Abi = parseAbi([
  "function ownerOf(uint256 id) view returns (address)",
  "function safeTransferFrom(address from, address to, uint256 id)",
]);

/** Of a collection that has several of each token. */
export const erc1155Abi = parseAbi([
  "function balanceOf(address owner, uint256 id) view returns (uint256)",
  "function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data)",
]);
