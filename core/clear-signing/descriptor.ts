import { FRIEND_TYPES } from "../friends/messages.ts";
import { ROLE_NUMBER, ROLE_TEXT, ROLES } from "../keys/role.ts";
import { trivetMessage, TYPES } from "../operations/typed-data.ts";
import { type Address, NATIVE_TOKEN } from "../primitives/address.ts";
import { encodeType, type StructTypes, structOf } from "./encode-type.ts";
import { type DescribedField, type DescribedMessage, type Descriptor, DESCRIPTOR_SCHEMA } from "./schema.ts";

/** What a message asks for, where its type's name does not say it well. */
const INTENTS: Readonly<Record<string, Pick<DescribedMessage, "intent" | "interpolatedIntent">>> = {
  Withdraw: { intent: "Withdraw", interpolatedIntent: "Withdraw {Amount} to {To}" },
  WithdrawToken: { intent: "Withdraw token", interpolatedIntent: "Withdraw {Amount} to {To}" },
  Withdrawal: { intent: "Withdraw", interpolatedIntent: "Withdraw {amount} to {to}" },
  ChangeSigner: { intent: "Change signer", interpolatedIntent: "Give the {Role} to {NewSigner}" },
  KeyReplacement: { intent: "Replace key" },
  ChangeAccount: { intent: "Change account", interpolatedIntent: "{Change}: {Value}" },
  RunCalls: { intent: "Call contracts" },
  Execution: { intent: "Call contracts" },
  Migrate: { intent: "Move everything", interpolatedIntent: "Move {Assets} to {Successor}" },
  Migration: { intent: "Move everything" },
  AcceptRole: { intent: "Accept role", interpolatedIntent: "Accept to be the {Role} of {Account}" },
  GateRequest: { intent: "Prove who you are" },
  AcceptInvitation: { intent: "Accept role", interpolatedIntent: "Accept to be the {Role} of {Account}" },
  StillThere: { intent: "Say that you are still there" },
};

/** Labels that the field's own name does not give. */
const LABELS: Readonly<Record<string, string>> = {
  "GateRequest.operation": "Operation",
  "GateRequest.token": "Session token",
  expires: "Expires (Unix time, 0: never)",
  recoveryDelay: "Recovery delay (0: usual)",
  removalDelay: "Removal delay (0: usual)",
  singleKeyDelay: "Delay for a single key (0: usual)",
  overrideDelay: "Delay of an override (0: off)",
  closedHours: "Closed hours (bits)",
  singleKeyRoles: "Roles that may act alone (bits)",
};

const DURATIONS: ReadonlySet<string> = new Set([
  "recoveryDelay",
  "removalDelay",
  "singleKeyDelay",
  "overrideDelay",
  "tripwireWindow",
]);
/** Amounts, and the field beside them that names the token. */
const AMOUNTS: ReadonlySet<string> = new Set(["Withdrawal.amount", "SetLimit.limit"]);
const ENUMS: Readonly<Record<string, string>> = { role: "role", standard: "standard" };

/** "NewSigner" and "newSigner" as people read them: "New signer". */
function humanName(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function describeField(struct: string, name: string, type: string, path: string): DescribedField {
  const common = {
    path,
    label: LABELS[`${struct}.${name}`] ?? LABELS[name] ?? humanName(name),
    // A number that only orders the account's operations.
    ...(name.toLowerCase() === "nonce" && { visible: "optional" as const }),
  };
  if (type === "address") return { ...common, format: "addressName" };
  if (AMOUNTS.has(`${struct}.${name}`)) {
    const params = { tokenPath: "token", nativeCurrencyAddress: NATIVE_TOKEN };
    return { ...common, format: "tokenAmount", params };
  }
  const values = type === "uint8" ? ENUMS[name] : undefined;
  if (values) return { ...common, format: "enum", params: { $ref: `$.metadata.enums.${values}` } };
  return { ...common, format: DURATIONS.has(name) ? "duration" : "raw" };
}

function describeFields(struct: string, types: StructTypes, before = ""): DescribedField[] {
  return (types[struct] ?? []).flatMap(({ name, type }) => {
    const inner = structOf(type, types);
    const path = `${before}${name}${type.endsWith("]") ? ".[]" : ""}`;
    return inner === undefined
      ? [describeField(struct, name, type, path)]
      : describeFields(inner, types, `${path}.`);
  });
}

/** Every EIP-712 message of the Trivet domain, with the structs that it refers to. */
export function describedTypes(): ReadonlyMap<string, StructTypes> {
  const ofAccounts = Object.keys(TYPES).map((name) => {
    const { EIP712Domain: _, ...types } = trivetMessage(
      { chainId: 1, implementation: NATIVE_TOKEN },
      name,
      {},
    ).types;
    return [name, types] as const;
  });
  const ofFriends = Object.entries(FRIEND_TYPES).map(([name, fields]) => [name, { [name]: fields }] as const);
  return new Map<string, StructTypes>([...ofAccounts, ...ofFriends]);
}

/**
 * The ERC-7730 descriptor of all messages of the Trivet domain.
 * @param deployments the shared implementation on each chain, once it is there
 */
export function trivetDescriptor(
  deployments: readonly { readonly chainId: number; readonly address: Address }[] = [],
): Descriptor {
  const { domain } = trivetMessage({ chainId: 1, implementation: NATIVE_TOKEN }, "AcceptRole", {});
  const { name, version } = domain;
  return {
    $schema: DESCRIPTOR_SCHEMA,
    context: {
      $id: "Trivet account messages",
      eip712: {
        domain: { name, version },
        ...(deployments.length > 0 && { deployments: deployments.map((one) => ({ ...one })) }),
      },
    },
    metadata: {
      owner: "Trivet",
      contractName: "Trivet account",
      enums: {
        role: Object.fromEntries(ROLES.map((role) => [ROLE_NUMBER[role], ROLE_TEXT[role]])),
        standard: { 0: "ERC-20 token", 1: "ERC-721 collectible", 2: "ERC-1155 collectible" },
      },
    },
    display: {
      formats: Object.fromEntries(
        [...describedTypes()].map(([primaryType, types]) => [
          encodeType(primaryType, types),
          {
            $id: primaryType,
            ...(INTENTS[primaryType] ?? { intent: humanName(primaryType) }),
            fields: describeFields(primaryType, types),
          },
        ]),
      ),
    },
  };
}
