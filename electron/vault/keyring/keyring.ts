import { randomBytes } from "node:crypto";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Key, keyOfAddress } from "#core/keys/key.ts";
import type { Address } from "#core/primitives/address.ts";
import type { PersonSession } from "../session/session.ts";
import { forgetPlannedDeviceId, plannedDeviceId } from "./device-id.ts";
import { DeviceKey } from "./device-key.ts";
import { type KeyFile, loadKeyFile, openDeviceKey, saveKeyFile, sealDeviceKey } from "./key-file.ts";

const OS_SECRET_BYTES = 32;

/** The operating system's key store, which only main can reach; base64 in, base64 out. */
export interface KeyStore {
  readonly protect: (secret: string) => Promise<string>;
  readonly unprotect: (sealed: string) => Promise<string>;
}

/** This computer's device key: sealed on disk, open only while the wallet is unlocked. */
export class Keyring {
  readonly #directory: string;
  readonly #keyStore: KeyStore;
  readonly #session: PersonSession;
  #file: KeyFile | undefined;
  #open: DeviceKey | undefined;

  private constructor(
    directory: string,
    keyStore: KeyStore,
    session: PersonSession,
    file: KeyFile | undefined,
  ) {
    this.#directory = directory;
    this.#keyStore = keyStore;
    this.#session = session;
    this.#file = file;
  }

  static async load(directory: string, keyStore: KeyStore, session: PersonSession): Promise<Keyring> {
    return new Keyring(directory, keyStore, session, await loadKeyFile(directory));
  }

  /** The address of the device key on this computer, locked or not. */
  get address(): Address | undefined {
    return this.#file?.address;
  }

  /** The open device key. @throws WalletError "locked" */
  get device(): DeviceKey {
    if (!this.#open) throw new WalletError("locked", "The wallet is locked.", "Unlock it and try again.");
    return this.#open;
  }

  get deviceKey(): Key {
    return keyOfAddress(this.device.address);
  }

  /** Opens the device key with the operating system's secret and the session's; nothing to do without a key. */
  async unlock(): Promise<void> {
    const file = this.#file;
    if (!file || this.#open) return;
    const os = Buffer.from(await this.#keyStore.unprotect(file.osSecret), "base64");
    const session = await this.#session.deviceSecret(file.deviceId);
    try {
      this.#open = DeviceKey.fromBytes(openDeviceKey(file, { os, session }));
    } finally {
      os.fill(0);
      session.fill(0);
    }
  }

  /** Makes the device key, seals it on disk and opens it; the existing one if there is one. */
  async create(): Promise<Address> {
    if (this.#file) {
      await this.unlock();
      return this.#file.address;
    }
    const deviceId = await plannedDeviceId(this.#directory);
    const os = randomBytes(OS_SECRET_BYTES);
    const osSecret = await this.#keyStore.protect(os.toString("base64"));
    const session = await this.#session.createDeviceSecret(deviceId);
    const device = DeviceKey.generate();
    try {
      const file = device.withBytes((bytes) =>
        sealDeviceKey(bytes, { deviceId, address: device.address, osSecret }, { os, session }),
      );
      await saveKeyFile(this.#directory, file);
      this.#file = file;
      await forgetPlannedDeviceId(this.#directory);
    } catch (error) {
      device.wipe();
      throw error;
    } finally {
      os.fill(0);
      session.fill(0);
    }
    this.#open = device;
    return device.address;
  }

  /** Wipes the device key from memory. */
  lock(): void {
    this.#open?.wipe();
    this.#open = undefined;
  }
}
