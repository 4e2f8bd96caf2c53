import type { NetworkConfig } from "#core/config/network.ts";
import { type ConfirmView, zConfirmView } from "#core/wallet-api/operation-view.ts";
import type { Handlers, Input, Output } from "../../processes/peer.ts";
import type { VAULT_METHODS } from "../../vault/protocol.ts";
import { PASSKEY_NEEDS } from "../../vault/passkeys/methods.ts";
import { createVault } from "../../vault/vault.ts";
import type { VaultClient } from "../vault.ts";
import { Passkeys } from "./passkeys.ts";

/** Somebody who approves whatever the confirm window shows, and remembers it. */
export class Approver {
  readonly passkeys = new Passkeys();
  #approvals = 0;
  #lastView: ConfirmView | undefined;

  get approvals(): number {
    return this.#approvals;
  }

  get lastView(): ConfirmView | undefined {
    return this.#lastView;
  }

  /**
   * A real vault in this process, in front of which this person sits.
   * @param now milliseconds since 1970
   */
  async startVault(config: NetworkConfig, directory: string, now: () => number): Promise<VaultClient> {
    const handlers: Handlers<typeof VAULT_METHODS> = createVault({
      main: {
        call: (method, input) => {
          const answers: Record<string, unknown> = {
            protect: { protected: "secret" in input ? input.secret : undefined },
            unprotect: { secret: "protected" in input ? input.protected : undefined },
            confirm: { approved: true },
          };
          if (method === "passkey") {
            // What it throws reaches the vault as it would from main: as a rejection.
            return Promise.resolve().then(async () => {
              const need = PASSKEY_NEEDS.passkey.input.parse(input);
              return { answer: await this.passkeys.answer(need) } as never;
            });
          }
          if (method === "confirm") this.#approvals += 1;
          if ("view" in input) this.#lastView = zConfirmView.parse(input.view);
          return Promise.resolve(answers[method] as never);
        },
      },
      onUnexpected: () => undefined,
      now,
    });
    await handlers.start({ config, directory });
    return {
      call: <M extends keyof typeof VAULT_METHODS>(method: M, input: Input<typeof VAULT_METHODS, M>) => {
        const handler = handlers[method] as (given: unknown) => Promise<Output<typeof VAULT_METHODS, M>>;
        return handler(input);
      },
    };
  }
}
