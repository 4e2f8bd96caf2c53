import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { BrowserWindow } from "electron";
import { WalletError } from "#core/errors/wallet-error.ts";
import { computerName } from "#core/joining/request.ts";
import { joiningFile } from "../services/joining/file.ts";
import { createJoining, type Joining, type JoiningOptions } from "../services/joining/joining.ts";
import type { Operations } from "../services/operations/operations.ts";
import { lookAgainAndAgain } from "../services/watcher/schedule.ts";
import { saveFile } from "./save-file.ts";
import { sendEvent } from "./wallet/ipc.ts";

/** On the devnet nobody wants to wait; elsewhere a block takes about this long. */
const EVERY_MS = { devnet: 2_000, live: 12_000 } as const;

export interface StartJoiningOptions extends Pick<
  JoiningOptions,
  | "chain"
  | "reader"
  | "schedule"
  | "vault"
  | "profile"
  | "profileFile"
  | "isUnlocked"
  | "onPhase"
  | "onDropped"
  | "onUnexpected"
> {
  readonly directory: string;
  readonly operations: () => Operations;
  readonly window: () => BrowserWindow | undefined;
}

const onItsWay = () =>
  new WalletError(
    "operation-on-its-way",
    "Something that was begun here may be on its way to the chain.",
    "Continue it to see how it ends; then give up.",
  );

async function dropAll(operations: Operations): Promise<void> {
  const inFlight = operations.list().filter(({ status }) => status === "running" || status === "waiting");
  if (inFlight.some(({ droppable }) => !droppable)) throw onItsWay();
  for (const { id } of inFlight) await operations.drop(id);
}

/** Joining an account, with a look at the chain every now and then, until this computer is in. */
export function startJoining(options: StartJoiningOptions): Joining & { readonly stop: () => void } {
  const { directory, operations, window, onUnexpected, ...rest } = options;
  const stop = new AbortController();
  const joining = createJoining({
    ...rest,
    onUnexpected,
    file: joiningFile(directory),
    name: computerName(hostname()),
    save: (suggested, text) => saveFile(window(), suggested, text, "text"),
    dropOperations: () => dropAll(operations()),
    now: Date.now,
    onChange: () => {
      joining
        .view()
        .then((view) => {
          sendEvent(window(), "joining", view);
        })
        .catch((cause: unknown) => {
          // Given up meanwhile: there is nothing to show.
          if (!(cause instanceof WalletError)) onUnexpected("joining", cause);
        });
    },
  });
  const { kind } = options.chain.config;
  void lookAgainAndAgain({
    look: joining.look,
    pause: () => wait(EVERY_MS[kind], undefined, { signal: stop.signal }).catch(() => undefined),
    signal: stop.signal,
    onUnexpected: (_, cause) => {
      // An unreachable chain is told where it is asked for.
      if (!(cause instanceof WalletError)) onUnexpected("joining", cause);
    },
  });
  return {
    ...joining,
    stop: () => {
      stop.abort();
    },
  };
}
