import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import type { AccountState } from "../chain/account.ts";
import type { Waiting } from "../chain/waiting.ts";
import type { Holding } from "../signing/holdings.ts";
import { possibleText } from "../words.ts";
import { waysOf } from "./ways.ts";

/** Something that the kit does, and whether what the person holds suffices for it. */
export interface Task {
  readonly id: "emergency" | "withdraw" | "recover" | "change-key" | "unfreeze" | "waiting";
  readonly title: string;
  readonly possible: boolean;
  /** With what and when, or what it takes. */
  readonly says: string;
}

/** Operations of the kinds that the tasks lead to; the policy looks at nothing else of them. */
const ANY_KEY = { signer: NATIVE_TOKEN, salt: NO_SALT };
const DRAFTS = {
  withdraw: { kind: "execute", calls: [] },
  recover: { kind: "addKey", role: "device", key: ANY_KEY, expires: 0 },
  "change-key": { kind: "addKey", role: "mfa", key: ANY_KEY, expires: 0 },
  unfreeze: { kind: "unfreeze" },
} as const satisfies Record<string, OperationDraft>;

/** What can be done with an account by what a person holds. */
export function tasksOf(
  account: AccountState,
  holdings: readonly Holding[],
  waiting: Waiting | undefined,
): Task[] {
  const isFrozen = account.frozen !== "no";
  const byKeys = (id: keyof typeof DRAFTS, title: string, takes: string): Task => {
    const [best] = waysOf(DRAFTS[id], account, holdings);
    return { id, title, possible: best !== undefined, says: best ? `With ${possibleText(best)}.` : takes };
  };
  const frozenFirst = (takes: string) => (isFrozen ? "The account is frozen: unfreeze it first." : takes);
  const emergency = holdings.some(({ isEmergencyAddress }) => isEmergencyAddress);
  const isSuccessor = account.frozen === "archived" && holdings.some((holding) => holding.isSuccessor);
  const unfreeze = byKeys(
    "unfreeze",
    "Unfreeze the account",
    "Takes a device key with an MFA or recovery key; or recovery keys alone, after the delay.",
  );
  const count = waiting ? waiting.keys.length + waiting.operations.length : 0;
  return [
    {
      id: "emergency",
      title: "Withdraw to an emergency address",
      possible: emergency && !isFrozen,
      says: frozenFirst(
        emergency
          ? "With the emergency address that you hold: at once, and without any key."
          : "Takes the wallet of an emergency address that the owner set before.",
      ),
    },
    byKeys(
      "withdraw",
      "Withdraw everything",
      frozenFirst("Takes a device key and an MFA key, as many of each as the account asks for."),
    ),
    byKeys(
      "recover",
      "Add a new device key",
      frozenFirst("Takes as many recovery keys as the account asks for; it is active after the delay."),
    ),
    byKeys(
      "change-key",
      "Make a key of your own the MFA or recovery key",
      frozenFirst("Takes an active device key with an MFA key or with recovery keys."),
    ),
    ...(isFrozen
      ? [
          isSuccessor
            ? { ...unfreeze, possible: true, says: "With the successor's wallet: at once." }
            : unfreeze,
        ]
      : []),
    {
      id: "waiting",
      title: "See what waits, reject or cancel it",
      possible: waiting === undefined || count > 0,
      says:
        waiting === undefined
          ? "This server does not tell what waits."
          : count === 0
            ? "Nothing waits."
            : `${count} waiting: pending keys and scheduled operations.`,
    },
  ];
}
