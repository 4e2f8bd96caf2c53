import { randomBytes } from "node:crypto";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Key, keyOfAddress } from "#core/keys/key.ts";
import type { Address } from "#core/primitives/address.ts";
import type { PersonSession } from "../session/session.ts";
import { forgetPlannedDeviceId, plannedDeviceId } from "./device-id.ts";
import { DeviceKey } from "./device-key.ts";
import {
  type KeyFile,
  loadKeyFile,
  openByPaper,
  openDeviceKey,
  putKeyFileAway,
  saveKeyFile,
  sealDeviceKey,
  sealForPaper,
} from "./key-file.ts";
import { newUnlockSecret, readUnlockCode, writeUnlockCode } from "./unlock-code.ts";

const OS_SECRET_BYTES = 32;

/** How the session fails to open a key whose half at the authenticator is gone or another. */
const MENDABLE: ReadonlySet<string> = new Set(["device-secret-missing", "device-key-unopenable"]);

const locked = () => new WalletError("locked", "The wallet is locked.", "Unlock it and try again.");

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
  /** How often it was locked: what was begun before must not open it after. */
  #locks = 0;

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
    if (!this.#open) throw locked();
    return this.#open;
  }

  get deviceKey(): Key {
    return keyOfAddress(this.device.address);
  }

  /** Whether an unlock code was made for this computer. */
  get hasUnlockCode(): boolean {
    return this.#file?.paper !== undefined;
  }

  /** Opens the device key with the operating system's secret and the session's; nothing to do without a key. */
  async unlock(): Promise<void> {
    const file = this.#file;
    if (!file || this.#open) return;
    await this.#openWith(async () => DeviceKey.fromBytes(await this.#openBySession(file)));
  }

  /** Opens with a device key that comes when it comes; what was locked meanwhile stays locked. */
  async #openWith(find: () => Promise<DeviceKey>): Promise<DeviceKey> {
    const locks = this.#locks;
    const device = await find();
    if (this.#locks !== locks) {
      device.wipe();
      throw locked();
    }
    this.#open?.wipe();
    this.#open = device;
    return device;
  }

  async #openBySession(file: KeyFile): Promise<Uint8Array> {
    const session = await this.#session.deviceSecret(file.deviceId);
    try {
      return await this.#withOsSecret(file, (os) => openDeviceKey(file, { os, session }));
    } finally {
      session.fill(0);
    }
  }

  async #withOsSecret<T>(file: KeyFile, use: (os: Uint8Array) => T): Promise<T> {
    const os = Buffer.from(await this.#keyStore.unprotect(file.osSecret), "base64");
    try {
      return use(os);
    } finally {
      os.fill(0);
    }
  }

  /**
   * Opens the device key with the operating system's secret and the unlock code, asking nobody else.
   * @throws WalletError "unlock-code-mistyped", "no-unlock-code", "unlock-code-wrong"
   */
  async unlockByCode(code: string): Promise<void> {
    const paper = readUnlockCode(code);
    try {
      const file = this.#requireFile();
      if (this.#open) return;
      await this.#openWith(() =>
        this.#withOsSecret(file, (os) => DeviceKey.fromBytes(openByPaper(file, { os, paper }))),
      );
    } finally {
      paper.fill(0);
    }
  }

  /**
   * Makes an unlock code: a second way to open the device key, for when the authenticator's half is gone. The one
   * before it opens nothing any more.
   * @returns the code for the person's paper, which is kept nowhere
   */
  async createUnlockCode(): Promise<string> {
    const { device } = this;
    const file = this.#requireFile();
    const paper = newUnlockSecret();
    try {
      const sealed = await this.#withOsSecret(file, (os) =>
        device.withBytes((bytes) => sealForPaper(file, bytes, { os, paper })),
      );
      await this.#save(sealed);
      return writeUnlockCode(paper);
    } finally {
      paper.fill(0);
    }
  }

  /** From now on only a session opens the device key. */
  async removeUnlockCode(): Promise<void> {
    const { paper: _removed, ...file } = this.#requireFile();
    await this.#save(file);
  }

  /**
   * Where the session does not open the open device key (the authenticator's half was deleted, or another put in its
   * place): gives the authenticator a new half, and seals the key under it.
   * @returns whether that had to be done
   */
  async mendSessionHalf(): Promise<boolean> {
    const { device } = this;
    const file = this.#requireFile();
    try {
      (await this.#openBySession(file)).fill(0);
      return false;
    } catch (error) {
      if (!(error instanceof WalletError && MENDABLE.has(error.code))) throw error;
    }
    const session = await this.#session.createDeviceSecret(file.deviceId);
    try {
      const sealed = await this.#withOsSecret(file, (os) =>
        device.withBytes((bytes) => sealDeviceKey(bytes, file, { os, session })),
      );
      await this.#save(file.paper ? { ...sealed, paper: file.paper } : sealed);
      return true;
    } finally {
      session.fill(0);
    }
  }

  #requireFile(): KeyFile {
    if (!this.#file)
      throw new WalletError(
        "no-device-key",
        "There is no device key on this computer.",
        "Create an account, or add this computer to yours.",
      );
    return this.#file;
  }

  async #save(file: KeyFile): Promise<void> {
    await saveKeyFile(this.#directory, file);
    this.#file = file;
  }

  /** Makes the device key, seals it on disk and opens it; the existing one if there is one. */
  async create(): Promise<Address> {
    if (this.#file) {
      await this.unlock();
      return this.#file.address;
    }
    const { address } = await this.#openWith(() => this.#make());
    return address;
  }

  /** Makes a device key and keeps it, sealed. */
  async #make(): Promise<DeviceKey> {
    const deviceId = await plannedDeviceId(this.#directory);
    const os = randomBytes(OS_SECRET_BYTES);
    const osSecret = await this.#keyStore.protect(os.toString("base64"));
    const session = await this.#session.createDeviceSecret(deviceId);
    const device = DeviceKey.generate();
    try {
      const file = device.withBytes((bytes) =>
        sealDeviceKey(bytes, { deviceId, address: device.address, osSecret }, { os, session }),
      );
      await this.#save(file);
      await forgetPlannedDeviceId(this.#directory);
    } catch (error) {
      device.wipe();
      throw error;
    } finally {
      os.fill(0);
      session.fill(0);
    }
    return device;
  }

  /** Takes the device key out of use: its file stays on disk under another name, and the next key is another. */
  async putAway(): Promise<void> {
    this.lock();
    if (this.#file) await putKeyFileAway(this.#directory, this.#file);
    this.#file = undefined;
  }

  /** Wipes the device key from memory. */
  lock(): void {
    this.#locks += 1;
    this.#open?.wipe();
    this.#open = undefined;
  }
}
