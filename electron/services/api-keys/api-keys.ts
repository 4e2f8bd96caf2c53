import path from "node:path";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import { type ApiKey, keyOfApiKey, zApiKey } from "#core/wallet-api/api-keys.ts";
import type { WalletOutput } from "#core/wallet-api/methods.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";
import type { VaultClient } from "../vault.ts";

const zApiKeys = z.strictObject({ version: z.literal(1), keys: z.array(zApiKey) });
type ApiKeysOnDisk = z.output<typeof zApiKeys>;

/** Where the names of the keys are kept; no key is in it. */
export const apiKeysFile = (directory: string): JsonFile<ApiKeysOnDisk> =>
  jsonFile(path.join(directory, "api-keys.json"), zApiKeys);

export interface ApiKeysOptions {
  readonly file: JsonFile<ApiKeysOnDisk>;
  /** The network's contract that keeps scripts' keys to their calls. */
  readonly verifier: Address | undefined;
  readonly vault: Pick<VaultClient, "call">;
  /** Asks the person where to keep a text, and keeps it there. */
  readonly save: (name: string, content: string, format: "json" | "text") => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The keys of scripts that were made on this computer. */
export interface ApiKeys {
  readonly list: () => Promise<WalletOutput<"apiKeys.list">>;
  /** @throws WalletError "api-key-name-taken", "no-script-verifier" */
  readonly create: (name: string, password: string | undefined) => Promise<WalletOutput<"apiKeys.create">>;
  readonly forget: (id: KeyId) => Promise<ApiKey[]>;
  /** By their ids on the chain. */
  readonly byId: () => Promise<ReadonlyMap<KeyId, ApiKey>>;
}

const nameTaken = (name: string) =>
  new WalletError(
    "api-key-name-taken",
    `There is a key called ${name} already.`,
    "Choose a name that tells the two apart.",
  );

/** A plain device key instead could do far more than a script needs. */
const noVerifier = () =>
  new WalletError(
    "no-script-verifier",
    "No key for a script can be made here: this network's description names no contract that keeps one to its calls.",
    "Ask whoever wrote the description to name a scriptVerifier in it. Nothing was made.",
  );

export function createApiKeys({ file, verifier, vault, save, now }: ApiKeysOptions): ApiKeys {
  const known = async () => (await file.read())?.keys ?? [];

  let last: Promise<unknown> = Promise.resolve();
  /** One change at a time, each of what the one before left. */
  function change(to: (keys: readonly ApiKey[]) => ApiKey[]): Promise<ApiKey[]> {
    const changed = last.then(async () => {
      const keys = to(await known());
      await file.write({ version: 1, keys });
      return keys;
    });
    last = changed.catch(() => undefined);
    return changed;
  }

  return {
    list: async () => ({ keys: await known(), possible: verifier !== undefined }),
    async create(name, password) {
      if (verifier === undefined) throw noVerifier();
      if ((await known()).some((key) => key.name === name)) throw nameTaken(name);
      const { address, text } = await vault.call("createApiKey", {
        ...(password !== undefined && { password }),
      });
      const stem = `trivet-key-${address.slice(2, 10).toLowerCase()}`;
      const savedAs =
        password === undefined
          ? await save(`${stem}.txt`, text, "text")
          : await save(`${stem}.json`, text, "json");
      // Nowhere kept, it is gone: nobody will ever sign with it.
      if (savedAs === undefined) return {};
      const id = keyId(keyOfApiKey({ verifier, address }));
      const key = { id, name, address, verifier, createdAt: now() };
      await change((keys) => [...keys, key]);
      return { created: { key, savedAs } };
    },
    forget: (id) => change((keys) => keys.filter((key) => key.id !== id)),
    byId: async () => new Map((await known()).map((key) => [key.id, key])),
  };
}
