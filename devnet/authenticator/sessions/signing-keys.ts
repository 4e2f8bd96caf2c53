import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from "jose";
import { LIMITS } from "../limits.ts";
import type { Clock } from "../state/clock.ts";
import { newId } from "../state/ids.ts";
import { type SigningKey, zSigningKey } from "../state/schema.ts";
import type { Store } from "../state/store.ts";

const ALGORITHM = "RS256";

/** The public half of a signing key as the key set publishes it. */
export interface PublicJwk {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly key_ops: readonly ["verify"];
  readonly alg: typeof ALGORITHM;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/**
 * The RSA keys that sign session JWTs. The newest signs; the one before stays published long enough for every
 * JWT it signed to run out and for caches to learn the new one.
 */
export class SigningKeys {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #imported = new Map<string, Promise<CryptoKey>>();
  #rotating: Promise<SigningKey> | undefined;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The key that signs now; a new one takes over when it has served its time. */
  async current(): Promise<{ kid: string; key: CryptoKey }> {
    const newest = this.#store.state.signingKeys[0];
    const age = newest === undefined ? Infinity : this.#clock.now() - newest.createdAt;
    const record = newest === undefined || age >= LIMITS.signingKeySeconds ? await this.rotate() : newest;
    return { kid: record.kid, key: await this.#import(record) };
  }

  /** The published keys, newest first: two while the old one runs out. */
  async published(): Promise<PublicJwk[]> {
    await this.current();
    const now = this.#clock.now();
    return this.#store.state.signingKeys
      .filter((record) => record.retiresAt === undefined || now < record.retiresAt)
      .map(({ kid, privateJwk: { kty, n, e } }) => ({
        kty,
        use: "sig",
        key_ops: ["verify"],
        alg: ALGORITHM,
        kid,
        n,
        e,
      }));
  }

  /** Makes a new key sign from now on. Of the older keys only the last one stays published. */
  rotate(): Promise<SigningKey> {
    this.#rotating ??= this.#makeKey().finally(() => (this.#rotating = undefined));
    return this.#rotating;
  }

  async #makeKey(): Promise<SigningKey> {
    const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
    const { kty, n, e, d, p, q, dp, dq, qi } = await exportJWK(privateKey);
    const now = this.#clock.now();
    const record = zSigningKey.parse({
      kid: newId("jwk"),
      createdAt: now,
      privateJwk: { kty, n, e, d, p, q, dp, dq, qi },
    });
    const previous = this.#store.state.signingKeys
      .slice(0, 1)
      .map((old) => ({ ...old, retiresAt: now + LIMITS.signingKeyOverlapSeconds }));
    this.#store.state.signingKeys = [record, ...previous];
    await this.#store.save();
    return record;
  }

  #import(record: SigningKey): Promise<CryptoKey> {
    const known = this.#imported.get(record.kid);
    if (known !== undefined) return known;
    const imported = importJWK({ ...record.privateJwk, alg: ALGORITHM }, ALGORITHM).then((key) => {
      if (key instanceof Uint8Array) throw new TypeError("An RSA key was expected.");
      return key;
    });
    this.#imported.set(record.kid, imported);
    return imported;
  }
}
