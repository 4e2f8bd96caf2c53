/** Somebody with one key tries the account's other doors: ERC-4337's EntryPoint, and signatures for other contracts. */
import {
  decodeErrorResult,
  encodeFunctionData,
  hashMessage,
  hashTypedData,
  parseAbi,
  parseEther,
  parseEventLogs,
} from "viem";
import { entryPoint08Abi, toPackedUserOperation } from "viem/account-abstraction";
import {
  hashMessage as nestedMessageHash,
  hashTypedData as nestedTypedDataHash,
  wrapTypedDataSignature,
} from "viem/experimental/erc7739";
import { accountAbi } from "#contracts/abi.ts";
import { deployEntryPoint, ENTRY_POINT } from "#contracts/testing/entry-point.ts";
import type { Wish } from "#contracts/testing/perform.ts";
import {
  type UnsignedUserOperation,
  userOperation,
  userOperationHash,
} from "#contracts/testing/user-operation.ts";
import { newSigner } from "#contracts/testing/world.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { FIRST_ENTRY_POINT_LANE } from "#core/operations/nonce.ts";
import { zOperation } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Outcome } from "../people/actor.ts";
import type { Belongings, RoleSigner } from "../people/belongings.ts";
import { FUNDS } from "../people/household.ts";
import { moneyWishes, nameOf, powerWishes } from "../people/wishes.ts";
import { type Attack, type Scenario, SOURCE } from "../scenario.ts";
import { LEDGER } from "./accounts.ts";

const VALID = "0x1626ba7e";
const isValidSignatureAbi = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);

/** Every key somebody holds, outside the network. */
const signersOf = ({ devices, keys }: Belongings): RoleSigner[] => [
  ...devices.map(({ key, account }): RoleSigner => ({
    key,
    kind: "plain",
    sign: (hash) => account.sign({ hash }),
  })),
  ...keys.mfa,
  ...keys.recovery,
];

async function signBy(signers: readonly RoleSigner[], hash: Hex): Promise<Hex> {
  const form = "compact";
  return encodeSignatures(
    await Promise.all(
      signers.map(
        async ({ key, kind, sign }) => ({ key, signer: kind, form, signature: await sign(hash) }) as const,
      ),
    ),
  );
}

/** What somebody asks of the account by every way that leads to money or to power. */
function everyWish({ target, to }: Attack): Wish[] {
  const { firstKeys, deviceKeys } = target;
  const seen = {
    funds: FUNDS / 2n,
    firstKeys,
    deviceKeys,
    thresholds: { mfa: 1, recovery: 1 },
    frozen: false,
  };
  const own = () => newSigner().key;
  const keys = {
    device: own(),
    otherDevice: own(),
    replacement: { mfa: own(), recovery: own() },
    further: { mfa: own(), recovery: own() },
    emergency: to,
  };
  return [...moneyWishes(seen, to), ...powerWishes(keys, seen, to)];
}

/**
 * Has the EntryPoint handle every wish, once at the account's expense with fees that would empty it, once at one's own.
 * Whoever brings it to the EntryPoint gets the fees.
 */
async function useEntryPoint(attack: Attack): Promise<Outcome> {
  const { world, target, holds } = attack;
  const { contracts } = world;
  const { chain } = contracts;
  await deployEntryPoint(chain);
  const { address: paymaster } = await contracts.deploy("GenerousPaymaster", "testing/GenerousPaymaster.sol");
  const deposit = encodeFunctionData({ abi: entryPoint08Abi, functionName: "depositTo", args: [paymaster] });
  await contracts.send(ENTRY_POINT, deposit, parseEther("1"));
  const signers = signersOf(holds);
  const before = await chain.publicClient.getBalance({ address: target.account });

  const said = new Map<string, Set<string>>();
  const note = (who: string, what: string) => said.set(who, (said.get(who) ?? new Set()).add(what));
  for (const wish of everyWish(attack)) {
    const nonce = await contracts.nextNonce(target.account, FIRST_ENTRY_POINT_LANE);
    const call = encodeOperation(zOperation.parse({ ...wish, account: target.account, nonce }), []);
    const unsigned = await userOperation(chain, target.account, call, FIRST_ENTRY_POINT_LANE);
    const dear = {
      ...unsigned,
      maxFeePerGas: parseEther("1") / 100_000n,
      maxPriorityFeePerGas: parseEther("1") / 100_000n,
    };
    const sponsored = {
      ...unsigned,
      paymaster,
      paymasterVerificationGasLimit: 100_000n,
      paymasterPostOpGasLimit: 0n,
    };
    note("at the account's expense", await handle(attack, dear, signers));
    note("at their own expense", await handle(attack, sponsored, signers, nameOf(wish)));
  }
  const after = await chain.publicClient.getBalance({ address: target.account });
  // What is brought in by themselves comes back as fees; only what leaves the account is the owner's.
  const gotFunds = after < before;
  const steps = [...said].map(([who, answers]) => `${who}: ${[...answers].sort().join(", ")}`);
  return { gotFunds, afterSeconds: gotFunds ? 0 : null, steps };
}

/** Brings one operation to the EntryPoint. @returns why the account or the EntryPoint refused, or that it did not */
async function handle(
  { world, to }: Attack,
  unsigned: UnsignedUserOperation,
  signers: readonly RoleSigner[],
  name = "done",
): Promise<string> {
  const { contracts } = world;
  const signature = await signBy(signers, userOperationHash(contracts.chain, unsigned));
  const data = encodeFunctionData({
    abi: entryPoint08Abi,
    functionName: "handleOps",
    args: [[toPackedUserOperation({ ...unsigned, signature })], to],
  });
  const refused = await contracts.refusalOf(ENTRY_POINT, data, entryPoint08Abi).catch(() => undefined);
  if (refused) {
    const [, code, inner] = refused.args;
    const error = zHex.safeParse(inner);
    const why = error.success ? decodeErrorResult({ abi: accountAbi, data: error.data }).errorName : "";
    return `${String(code).split(" ")[0] ?? refused.name} ${why}`.trim();
  }
  const { logs } = await contracts.send(ENTRY_POINT, data);
  const [failure] = parseEventLogs({ abi: entryPoint08Abi, eventName: "UserOperationRevertReason", logs });
  return failure
    ? decodeErrorResult({ abi: accountAbi, data: failure.args.revertReason }).errorName
    : `${name} was done`;
}

/** Signs for other contracts in the account's name (ERC-1271): an allowance of tokens, and a message in words. */
async function signForOthers({ world, target, holds, to }: Attack): Promise<Outcome> {
  const { contracts } = world;
  const { publicClient } = contracts.chain;
  const { domain } = await publicClient.getEip712Domain({ address: target.account });
  const permit = {
    domain: {
      name: "Trivet Dollar",
      version: "1",
      chainId: contracts.domain.chainId,
      verifyingContract: contracts.contracts.tusd,
    },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner: target.account, spender: to, value: 1n },
  } as const;
  const message = "I am the owner of this account.";
  const signers = signersOf(holds);
  const typed = await signBy(signers, zHex.parse(nestedTypedDataHash({ ...permit, verifierDomain: domain })));
  const bare = await signBy(signers, hashTypedData(permit));
  const tries: [string, Hex, Hex][] = [
    [
      "an allowance of tokens",
      hashTypedData(permit),
      zHex.parse(wrapTypedDataSignature({ ...permit, signature: typed })),
    ],
    ["the same, signed without naming the account", hashTypedData(permit), bare],
    [
      "a message",
      hashMessage(message),
      await signBy(signers, zHex.parse(nestedMessageHash({ message, verifierDomain: domain }))),
    ],
  ];
  let gotFunds = false;
  const steps: string[] = [];
  for (const [what, hash, signature] of tries) {
    const answer = await publicClient.readContract({
      address: toAddress(target.account),
      abi: isValidSignatureAbi,
      functionName: "isValidSignature",
      args: [hash, signature],
    });
    // An allowance that is taken for the account's is as good as the tokens.
    gotFunds ||= answer === VALID;
    steps.push(`${what}: ${answer === VALID ? "valid" : "not valid"}`);
  }
  return { gotFunds, afterSeconds: gotFunds ? 0 : null, steps };
}

const DOORS = [
  ["through ERC-4337's EntryPoint", useEntryPoint],
  ["by signatures for other contracts (ERC-1271)", signForOthers],
] as const;

export const OTHER_DOORS: readonly Scenario[] = DOORS.flatMap(([way, attack]) =>
  [
    { thief: ["D"], whose: "the device key" },
    { thief: ["Ledger"], whose: "the Ledger" },
  ].map(({ thief, whose }): Scenario => ({
    name: `one of two keys compromised: ${whose}, ${way}`,
    source: SOURCE.twoKeys,
    account: LEDGER,
    thief,
    attack,
    promises: "safe",
  })),
);
