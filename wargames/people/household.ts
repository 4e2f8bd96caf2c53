/** An account as a description has it, made for real: its keys, its person at the authenticator, and all settings. */
import { TOTP } from "otpauth";
import { parseEther } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type Wish } from "#contracts/testing/perform.ts";
import { Safe } from "#contracts/testing/safe.ts";
import { newPasskeySigner } from "#contracts/testing/signers.ts";
import { newSigner, type TestSigner } from "#contracts/testing/world.ts";
import { accountFactoryAbi, factorRegistryAbi } from "#contracts/abi.ts";
import { type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import { maskOfRoles, REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { gateRequestTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { listFactors } from "#core/security/factors.ts";
import { type Account, type Holder, thingsOf } from "#core/security/explorer/account.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { recordEntries, type RecordFactor } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import { SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import { encodeFunctionData } from "viem/utils";
import type { WargameWorld } from "../world/world.ts";
import { Actor } from "./actor.ts";
import type { Belongings, CodeReader, RoleSigner, SocialLogin, Target } from "./belongings.ts";
import { GateCaller } from "./gate-caller.ts";
import { Computer, type ProfileParts } from "./profile.ts";
import { APP_STEP_MS, emailProof, phoneProof, socialProof, walletProof } from "./proving.ts";

const DAY = 86_400;
const PASSKEY_DOMAIN = "wallet.example";
const PASSWORD = "correct horse battery staple 7";
export const FUNDS = parseEther("10");

/** What each thing of an account really is. */
interface Things {
  /** Where the first device key lies, sealed. */
  readonly computer: Computer;
  readonly devices: ReadonlyMap<string, TestSigner>;
  readonly mailbox: CodeReader;
  readonly phone?: CodeReader;
  readonly app?: (moment: number) => string;
  readonly passkey?: SoftPasskey;
  readonly social?: SocialLogin;
  readonly password?: string;
  readonly wallet?: TestSigner;
  readonly holders: Readonly<Record<ReplaceableRole, Held | undefined>>;
  readonly emergency?: PrivateKeyAccount;
}

/** Who holds a role outside the network: what signs, once enough of these people come together. */
interface Held {
  /** The keys that these people can sign with, by whose they are. */
  readonly keysOf: (names: ReadonlySet<string>) => RoleSigner[];
  readonly keys: readonly Key[];
  readonly threshold: number;
}

const plain = ({ key, account }: TestSigner): RoleSigner => ({
  key,
  kind: "plain",
  sign: (hash) => account.sign({ hash }),
});

/** One pair of keys for each name, so that two roles can name the same thing; the recovery role's are salted. */
class Holders {
  readonly #world: WargameWorld;
  readonly #accounts = new Map<string, Hex>();

  constructor(world: WargameWorld) {
    this.#world = world;
  }

  #signer(name: string, role: ReplaceableRole): TestSigner {
    const key = this.#accounts.get(name) ?? generatePrivateKey();
    this.#accounts.set(name, key);
    return newSigner(role === "mfa" ? NO_SALT : `0x${"5a".repeat(32)}`, key);
  }

  async of(holder: Holder, role: ReplaceableRole): Promise<Held | undefined> {
    switch (holder.holder) {
      case "network":
        return undefined;
      case "ledger":
        return this.#people([holder.name], 1, role);
      case "passkey": {
        const { key, sign } = newPasskeySigner(this.#world.contracts.contracts.webAuthnVerifier);
        const signer: RoleSigner = { key, kind: "contract", sign };
        return {
          keys: [key],
          threshold: 1,
          keysOf: (names) => (names.has(holder.name) ? [signer] : []),
        };
      }
      case "friends":
        return this.#people(holder.names, holder.threshold, role);
      case "safe":
        return this.#safe(holder.owners, holder.threshold, role);
    }
  }

  #people(names: readonly string[], threshold: number, role: ReplaceableRole): Held {
    const signers = names.map((name) => ({ name, signer: plain(this.#signer(name, role)) }));
    return {
      keys: signers.map(({ signer }) => signer.key),
      threshold,
      keysOf: (held) => signers.filter(({ name }) => held.has(name)).map(({ signer }) => signer),
    };
  }

  async #safe(names: readonly string[], threshold: number, role: ReplaceableRole): Promise<Held> {
    const owners = names.map((name) => ({ name, ...this.#signer(name, role) }));
    const safe = await Safe.create(
      this.#world.contracts.chain,
      owners.map(({ account }) => account),
      threshold,
    );
    const key = keyOfAddress(safe.address);
    return {
      keys: [key],
      threshold: 1,
      keysOf: (held) => {
        const present = owners.filter(({ name }) => held.has(name)).slice(0, threshold);
        if (present.length < threshold) return [];
        const accounts = present.map(({ account }) => account);
        return [{ key, kind: "contract", sign: (digest) => safe.sign(digest, accounts) }];
      },
    };
  }
}

let count = 0;

/** A person at the authenticator with these factors, all of them just proven. */
async function enrol(world: WargameWorld, account: Account, name: string) {
  const { authenticator } = world;
  const client = authenticator.client();
  const reader = (place: "inbox" | "phone", address: string): CodeReader => ({
    address,
    newestCode: () => authenticator.newestCode(place, address),
  });
  const mailbox = reader("inbox", `${name}@household.example`);
  const has = (method: Account["methods"][number]) => account.methods.includes(method);
  let session: AuthenticatorSession = await emailProof(mailbox)(client, undefined);
  const factors: RecordFactor[] = [];

  const social = account.credentials === "social-login" ? socialLogin(world, name) : undefined;
  if (social) session = await socialProof(social, true)(client, session);
  const password = account.credentials === "password" ? PASSWORD : undefined;
  if (password !== undefined) session = await client.password.set(session, password);
  const wallet = has("W") ? newSigner() : undefined;
  if (wallet) {
    session = await walletProof(wallet)(client, session);
    factors.push({ type: "wallet", id: wallet.account.address.toLowerCase() });
  }
  const phone = has("S") ? reader("phone", `+1500555${String(count).padStart(4, "0")}`) : undefined;
  if (phone) session = await phoneProof(phone)(client, session);
  let app: ((moment: number) => string) | undefined;
  if (has("A")) {
    const { secret } = await client.totp.create(session);
    const totp = new TOTP({ secret });
    app = (timestamp) => totp.generate({ timestamp });
    // The code of the step before, so that the present one is left for whoever plays.
    session = await client.totp.verify(session, app(Date.now() - APP_STEP_MS));
  }
  const passkey = has("P") ? new SoftPasskey(`https://${PASSKEY_DOMAIN}`) : undefined;
  if (passkey) {
    const options = await client.passkey.startRegistration(session, { domain: PASSKEY_DOMAIN });
    session = await client.passkey.finishRegistration(session, passkey.create(options));
  }
  factors.push(...listFactors(session.claims).map(({ type, id }) => ({ type, id })));
  const things = {
    mailbox,
    ...(phone && { phone }),
    ...(app && { app }),
    ...(passkey && { passkey }),
    ...(social && { social }),
    ...(password !== undefined && { password }),
    ...(wallet && { wallet }),
  };
  return { session, factors, things };
}

/** The provider of social logins asks who one is and believes it, so who holds this is who knows how to get in there. */
function socialLogin({ authenticator }: WargameWorld, name: string): SocialLogin {
  const visit = (url: URL, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });
  const next = (response: Response) => new URL(response.headers.get("location") ?? "", authenticator.url);
  return {
    visit: async (start) => {
      const page = next(await visit(start));
      const form = {
        state: page.searchParams.get("state") ?? "",
        decision: "continue",
        email: `${name}@provider.example`,
      };
      const decided = await visit(new URL(page.pathname, authenticator.url), {
        method: "POST",
        headers: { origin: authenticator.url },
        body: new URLSearchParams(form),
      });
      return next(await visit(next(decided)));
    },
  };
}

/** An account on the chain with everything its description says, and who is behind it. */
export class Household {
  readonly account: Account;
  readonly target: Target;
  readonly #things: Things;

  private constructor(account: Account, target: Target, things: Things) {
    this.account = account;
    this.target = target;
    this.#things = things;
  }

  /** Makes everything, frozen at last if the description says so. */
  static async create(world: WargameWorld, account: Account): Promise<Household> {
    const name = `person${(count += 1)}`;
    const devices = new Map(
      thingsOf(account)
        .filter((thing) => /^D\d*$/.test(thing))
        .map((thing) => [thing, newSigner()]),
    );
    const maker = new Holders(world);
    const holders = {
      mfa: await maker.of(account.mfa, "mfa"),
      recovery: await maker.of(account.recovery, "recovery"),
    };
    const { session, factors, things } = await enrol(world, account, name);
    const computer = await Computer.install(world, things.mailbox);
    const { device } = computer;
    devices.set("D", device);

    const caller = await GateCaller.connect(world, device);
    const networkKeys: Partial<Record<ReplaceableRole, PublicKey>> = {};
    for (const role of REPLACEABLE_ROLES) {
      if (!holders[role]) networkKeys[role] = await caller.createKey(world.gate.code);
    }
    const firstKey = (role: ReplaceableRole): Key => {
      const outside = holders[role]?.keys[0];
      const network = networkKeys[role];
      if (outside) return outside;
      if (network) return keyOfAddress(addressOfPublicKey(network));
      throw new Error(`nobody holds the ${role} key`);
    };
    const firstKeys = { device: device.key, mfa: firstKey("mfa"), recovery: firstKey("recovery") };
    const address = await createAccount(world, firstKeys);
    const target: Target = {
      account: address,
      record: { account: address, factors },
      user: session.user.userId,
      networkKeys,
      firstKeys,
      deviceKeys: [...devices.values()].map(({ key }) => key),
      passkeyDomain: PASSKEY_DOMAIN,
      email: things.mailbox.address,
      phoneNumber: things.phone?.address ?? "",
    };
    for (const role of REPLACEABLE_ROLES) {
      if (networkKeys[role]) {
        await setFirstRecord(world, caller, { target, device, session, wallet: things.wallet }, role);
      }
    }
    await caller.close();

    const emergency =
      account.emergencyAddress === undefined ? undefined : privateKeyToAccount(generatePrivateKey());
    const household = new Household(account, target, {
      ...things,
      computer,
      devices,
      holders,
      ...(emergency && { emergency }),
    });
    await household.#settle(world);
    return household;
  }

  /** Exactly these of the household's things. */
  belongings(names: ReadonlySet<string>): Belongings {
    const { devices, holders, emergency, ...proofs } = this.#things;
    const { mailbox, phone, app, passkey, social, password, wallet } = proofs;
    return {
      devices: [...devices].filter(([name]) => names.has(name)).map(([, signer]) => signer),
      keys: {
        mfa: holders.mfa?.keysOf(names) ?? [],
        recovery: holders.recovery?.keysOf(names) ?? [],
      },
      ...(names.has("E") && { mailbox }),
      ...(names.has("S") && phone && { phone }),
      ...(names.has("A") && app && { app }),
      ...(names.has("P") && passkey && { passkey }),
      ...(names.has("C") && social && { social }),
      ...(names.has("C") && password !== undefined && { password }),
      ...(names.has("W") && wallet && { wallet }),
      ...(this.account.emergencyAddress !== undefined &&
        names.has(this.account.emergencyAddress) &&
        emergency && { emergency }),
    };
  }

  /** What lies on the disk of the first computer, and whichever of the other parts somebody has. */
  profile(has: {
    readonly keyStore?: boolean;
    readonly mailbox?: boolean;
    readonly unlockCode?: boolean;
  }): ProfileParts {
    const { folder, keyStore, mailbox, unlockCode } = this.#things.computer.parts;
    return {
      folder,
      ...(has.keyStore && { keyStore }),
      ...(has.mailbox && { mailbox }),
      ...(has.unlockCode && { unlockCode }),
    };
  }

  async discard(): Promise<void> {
    await this.#things.computer.discard();
  }

  /** What the account still holds, in wei. */
  async funds({ contracts }: WargameWorld): Promise<bigint> {
    return contracts.chain.publicClient.getBalance({ address: this.target.account });
  }

  /** Brings the account from how it is created to how it is described. */
  async #settle(world: WargameWorld): Promise<void> {
    const { account, target } = this;
    const { holders, devices, emergency } = this.#things;
    const owner = await Actor.create(world, target, this.belongings(new Set(thingsOf(account))));
    const perform = async (wish: Wish) => {
      const done = await owner.attempt(wish);
      if (done !== "now") throw new Error(`the household could not ${wish.kind}: ${owner.why(wish)}`);
    };
    const { settings } = account;
    const delays = {
      recoveryDelay: settings.recoveryDelayDays * DAY,
      removalDelay: 3 * DAY,
      singleKeyDelay: settings.singleKeyDelayDays * DAY,
      overrideDelay: settings.overrideDelayDays * DAY,
    };
    for (const [name, { key }] of devices) {
      if (name !== "D") await perform({ kind: "addKey", role: "device", key, expires: 0 });
    }
    if (emergency) {
      await world.contracts.send(toAddress(emergency.address), "0x", parseEther("1"));
      await perform({ kind: "setEmergencyAddress", recipient: toAddress(emergency.address), enabled: true });
    }
    const usual = {
      recoveryDelay: 7 * DAY,
      removalDelay: 3 * DAY,
      singleKeyDelay: 7 * DAY,
      overrideDelay: 0,
    };
    if (JSON.stringify(delays) !== JSON.stringify(usual)) await perform({ kind: "setDelays", ...delays });
    if (settings.singleKeyRoles.length > 0) {
      await perform({
        kind: "setRules",
        singleKeyRoles: maskOfRoles(settings.singleKeyRoles),
        pendingKeysMayCall: false,
        tripwireCount: 0,
        tripwireWindow: 0,
      });
    }
    for (const role of REPLACEABLE_ROLES) {
      const held = holders[role];
      for (const key of held?.keys.slice(1) ?? []) await perform({ kind: "addKey", role, key, expires: 0 });
      if (held && held.threshold > 1) {
        await perform({ kind: "setThreshold", role, threshold: held.threshold });
      }
    }
    if (account.frozen === "locked") await perform({ kind: "lock" });
    if (account.frozen === "archived") await perform({ kind: "archive" });
    await owner.leave();
  }
}

/** Puts an account on the chain and gives it its funds. */
async function createAccount(
  world: WargameWorld,
  { device, mfa, recovery }: Target["firstKeys"],
): Promise<Address> {
  const { contracts, chain } = world.contracts;
  const args = [keyId(device), keyId(mfa), keyId(recovery), NO_SALT] as const;
  const call = { address: contracts.factory, abi: accountFactoryAbi, args } as const;
  const address = toAddress(
    await chain.publicClient.readContract({ ...call, functionName: "accountAddress" }),
  );
  const data = encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args });
  await world.contracts.send(contracts.factory, data);
  await world.contracts.send(address, "0x", FUNDS);
  return address;
}

interface Creation {
  readonly target: Target;
  readonly device: TestSigner;
  readonly session: AuthenticatorSession;
  readonly wallet: TestSigner | undefined;
}

/** Has a network-held key sign its first record, and registers it. */
async function setFirstRecord(
  { gate, contracts }: WargameWorld,
  caller: GateCaller,
  { target, device, session, wallet }: Creation,
  role: ReplaceableRole,
): Promise<void> {
  const publicKey = target.networkKeys[role];
  if (!publicKey) return;
  const { chainId } = contracts.domain;
  const { factorRegistry } = contracts.contracts;
  const key = addressOfPublicKey(publicKey);
  const person = { issuer: session.claims.iss, sub: session.claims.sub };
  const factors = recordEntries(target.record, person, chainId);
  const digest = recordDigest({ key, gate: gate.digest, factors, version: 1n }, { chainId, factorRegistry });
  // What device key and wallet sign, to bind the session's token to this record.
  const hash = typedDataDigest(gateRequestTypedData(contracts.domain, digest, jwtHash(session.jwt)));
  const answer = await caller.ask(gate.code, {
    action: "set-record",
    role,
    publicKey,
    salt: NO_SALT,
    jwt: session.jwt,
    deviceKey: device.key,
    deviceSignature: await device.account.sign({ hash }),
    ...(wallet && { walletSignature: await wallet.account.sign({ hash }) }),
    record: { ...target.record, gate: gate.digest },
  });
  if ("refused" in answer) throw new Error(`the ${role} key's record was refused: ${answer.refused}`);
  const args = [key, gate.digest, factors, answer.signature] as const;
  const data = encodeFunctionData({ abi: factorRegistryAbi, functionName: "setRecord", args });
  await contracts.send(factorRegistry, data);
}
