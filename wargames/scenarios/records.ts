/** Somebody who would like a network-held key to have a record of their own. */
import { encodeFunctionData } from "viem/utils";
import { factorRegistryAbi } from "#contracts/abi.ts";
import { newSigner } from "#contracts/testing/world.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import { type Operation, operationToJson } from "#core/operations/operation.ts";
import { gateRequestTypedData, operationDigest, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import { type Digest, type FactorId, type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { thingsOf } from "#core/security/explorer/account.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { type OpenedRecord, recordEntries } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import type { Outcome } from "../people/actor.ts";
import { type Answer, GateCaller } from "../people/gate-caller.ts";
import { FUNDS, type Household } from "../people/household.ts";
import { emailProof } from "../people/proving.ts";
import { type Attack, type Scenario, SOURCE } from "../scenario.ts";
import type { WargameWorld } from "../world/world.ts";
import { LEVEL_0, LEVEL_2 } from "./accounts.ts";

/** Somebody with a device key, a mailbox and a session of their own, and a record that would make them the owner. */
class Registrar {
  readonly #world: WargameWorld;
  readonly #session: AuthenticatorSession;
  readonly #device = newSigner();
  readonly #wanted: OpenedRecord;
  readonly #entries: FactorId[];
  #caller: GateCaller | undefined;
  #signed = false;
  readonly steps: string[] = [];

  private constructor(world: WargameWorld, account: Address, session: AuthenticatorSession) {
    const { claims, user } = session;
    this.#world = world;
    this.#session = session;
    this.#wanted = { account, factors: [{ type: "email", id: user.emails[0]?.emailId ?? "" }] };
    const person = { issuer: claims.iss, sub: claims.sub };
    this.#entries = recordEntries(this.#wanted, person, world.contracts.domain.chainId);
  }

  static async create(world: WargameWorld, account: Address): Promise<Registrar> {
    const { authenticator } = world;
    const address = "registrar@household.example";
    const mailbox = { address, newestCode: () => authenticator.newestCode("inbox", address) };
    const session = await emailProof(mailbox)(authenticator.client(), undefined);
    const registrar = new Registrar(world, account, session);
    registrar.#caller = await GateCaller.connect(world, registrar.#device);
    return registrar;
  }

  /** What came of it: a signature that is somebody else's is more than anybody here may ever have. */
  async leave(): Promise<Outcome> {
    await this.#gate().close();
    return { gotFunds: this.#signed, afterSeconds: this.#signed ? 0 : null, steps: this.steps };
  }

  #gate(): GateCaller {
    if (!this.#caller) throw new Error("not connected");
    return this.#caller;
  }

  #digest(publicKey: PublicKey, version: bigint): Digest {
    const { gate, contracts } = this.#world;
    const { factorRegistry } = contracts.contracts;
    const record = {
      key: addressOfPublicKey(publicKey),
      gate: gate.digest,
      factors: this.#entries,
      version,
    };
    return recordDigest(record, { chainId: contracts.domain.chainId, factorRegistry });
  }

  /** What every request of theirs has in common, bound to what it asks a signature for. */
  async #request(publicKey: PublicKey, digest: Digest) {
    const { jwt } = this.#session;
    const { domain } = this.#world.contracts;
    const hash = typedDataDigest(gateRequestTypedData(domain, digest, jwtHash(jwt)));
    return {
      role: "mfa",
      publicKey,
      salt: NO_SALT,
      jwt,
      deviceKey: this.#device.key,
      deviceSignature: await this.#device.account.sign({ hash }),
    } as const;
  }

  async #askForRecord(publicKey: PublicKey, version: bigint, opened?: OpenedRecord): Promise<Answer> {
    const { gate } = this.#world;
    return this.#gate().ask(gate.code, {
      action: "set-record",
      ...(await this.#request(publicKey, this.#digest(publicKey, version))),
      record: { ...this.#wanted, gate: gate.digest },
      ...(opened && { opened }),
    });
  }

  #registration(publicKey: PublicKey, signature: Hex): Hex {
    return encodeFunctionData({
      abi: factorRegistryAbi,
      functionName: "setRecord",
      args: [addressOfPublicKey(publicKey), this.#world.gate.digest, this.#entries, signature],
    });
  }

  /** @throws Error when it was refused, but for another reason than the one that has to stop it */
  #note(what: string, refused: string | undefined, wanted: string): void {
    this.steps.push(`${what}: ${refused ?? "signed"}`);
    if (refused === undefined) this.#signed = true;
    else if (refused !== wanted) throw new Error(`${what} was refused by ${refused} instead of ${wanted}`);
  }

  /** Would have a key that has a record get theirs. */
  async replace(what: string, publicKey: PublicKey): Promise<void> {
    const refused = (answer: Answer) => ("refused" in answer ? answer.refused : undefined);
    this.#note(what, refused(await this.#askForRecord(publicKey, 2n)), "record-not-opened");
    const opened = await this.#askForRecord(publicKey, 2n, this.#wanted);
    this.#note(`${what}, with the old one opened as theirs`, refused(opened), "factor-not-registered");
    await this.#writeAlone(what, publicKey, 2n);
  }

  /** Would be the first to give a key a record. */
  async beFirst(what: string, publicKey: PublicKey): Promise<void> {
    const answer = await this.#askForRecord(publicKey, 1n);
    this.#note(what, "refused" in answer ? answer.refused : undefined, "not-key-creator");
    await this.#writeAlone(what, publicKey, 1n);
  }

  /** Leaves the network out: signs the record with a key of their own. */
  async #writeAlone(what: string, publicKey: PublicKey, version: bigint): Promise<void> {
    const { contracts } = this.#world;
    const signature = await this.#device.account.sign({ hash: this.#digest(publicKey, version) });
    const call = this.#registration(publicKey, signature);
    const { name } = await contracts.refusalOf(contracts.contracts.factorRegistry, call, factorRegistryAbi);
    this.#note(`${what}, signed by themselves`, name, "NotSignedByKey");
  }

  /** With a key of their own, network and registry do as they are told; but the account does not know that key. */
  async useOwnKey(to: Address): Promise<void> {
    const { gate, contracts } = this.#world;
    const own = await this.#gate().createKey(gate.code);
    const first = await this.#askForRecord(own, 1n);
    if ("refused" in first) throw new Error(`a key of one's own got no record: ${first.refused}`);
    await contracts.send(contracts.contracts.factorRegistry, this.#registration(own, first.signature));
    this.steps.push("a key of their own is registered for the owner's account");
    const { account } = this.#wanted;
    const operation: Operation = {
      kind: "withdraw",
      account,
      token: NATIVE_TOKEN,
      to,
      amount: FUNDS,
      nonce: makeNonce(31n, 0n),
    };
    const digest = operationDigest(operation, "compact", contracts.domain);
    const answer = await this.#gate().ask(gate.code, {
      action: "sign-operation",
      ...(await this.#request(own, digest)),
      opened: this.#wanted,
      operation: operationToJson(operation),
      form: "compact",
    });
    this.#note(
      "a withdrawal with it",
      "refused" in answer ? answer.refused : undefined,
      "device-key-unknown",
    );
    // Were it signed: the account is asked with signatures for which nobody has to be asked.
    const signature = await this.#device.account.sign({ hash: digest });
    const keys = [this.#device.key, keyOfAddress(addressOfPublicKey(own))];
    const call = encodeOperation(
      operation,
      keys.map((key) => ({ key, signer: "plain", form: "compact", signature })),
    );
    const { name } = await contracts.refusalOf(account, call);
    this.#note("what the account says to keys that it does not know", name, "KeyUnknown");
  }
}

/** The account's keys, one that the owner's computer has only just had the network make, and one of the attacker's. */
async function setRecords({ world, target, to }: Attack, home: Household): Promise<Outcome> {
  const registrar = await Registrar.create(world, target.account);
  for (const [role, publicKey] of Object.entries(target.networkKeys)) {
    await registrar.replace(`a record of theirs for the ${role} key`, publicKey);
  }
  const [device] = home.belongings(new Set(thingsOf(home.account))).devices;
  if (!device) throw new Error("the owner has a device key");
  const owner = await GateCaller.connect(world, device);
  const fresh = await owner.createKey(world.gate.code);
  await owner.close();
  await registrar.beFirst("the first record of a key that the owner just had made", fresh);
  await registrar.useOwnKey(to);
  return registrar.leave();
}

export const RECORDS: readonly Scenario[] = [LEVEL_0, LEVEL_2].map((account) => ({
  name: "somebody else sets records for network-held keys",
  source: SOURCE.threats,
  account,
  attack: setRecords,
  promises: "safe",
}));
