import { WalletError } from "#core/errors/wallet-error.ts";
import { gateUnknown, gateWithdrawn } from "#core/key-network/errors.ts";
import { type GateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import { releaseOf } from "#core/key-network/gate-releases.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import type { GatesView, KeyGate } from "#core/wallet-api/gates.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { ChainClient } from "../chain/client.ts";
import { didNotSign } from "../proofs/did-not-sign.ts";
import type { Proofs } from "../proofs/proofs.ts";
import type { Records } from "../records/records.ts";
import type { JsonFile } from "../storage/json-file.ts";
import { describeGate, judge, standingOf } from "./judge.ts";
import { type GateNotes, NO_NOTES } from "./notes.ts";
import { type PublishedGates, readPublishedGates } from "./registry.ts";

export interface GatesOptions {
  readonly chain: ChainClient;
  readonly records: Records;
  readonly proofs: Pick<Proofs, "missing">;
  /** What the person decided, kept on this computer. */
  readonly notes: JsonFile<GateNotes>;
}

/** The gates of the account's network keys: where they stand, and how they move. */
export interface Gates {
  readonly view: () => Promise<GatesView>;
  /**
   * Moves the keys to the canonical gate, or goes on with it: the mfa key, then the recovery key, each by its own
   * signature, both by one decision in the confirm window. Stops where the person has to prove something first.
   * @param gate the one that the person read about
   * @param wallet a wallet of the keys' records that signs along on the Ledger, to prove who the person is; it is asked
   *   for both keys, and forgotten when it does not sign after all
   * @throws WalletError gate-changed when another one is canonical by now, gate-unknown when Trivet does not ship it,
   *   gate-withdrawn when no key is at a gate that the network still runs
   */
  readonly move: (gate: GateCid, wallet?: Address) => Promise<GatesView>;
  /** The account stays where it is: the move that began ends, and this gate is not offered again by itself. */
  readonly stay: (gate: GateCid) => Promise<GatesView>;
}

interface KeyNow {
  readonly role: ReplaceableRole;
  readonly digest: GateDigest;
}

/** What is on the chain now, and in the notes. */
interface Situation {
  readonly published: PublishedGates;
  readonly keys: readonly KeyNow[];
  readonly notes: GateNotes;
}

/**
 * The keys that can move to the canonical gate: a key's move is decided by the gate that it leaves, so that one has to
 * be run by the network and known here.
 */
function movable({ published, keys }: Situation): ReplaceableRole[] {
  if (!published.canonical || !releaseOf(published.canonical)) return [];
  return keys
    .filter(({ digest }) => standingOf(digest, published) === "previous" && releaseOf(digest))
    .map(({ role }) => role);
}

export function createGates({ chain, records, proofs, notes: file }: GatesOptions): Gates {
  async function look(): Promise<Situation> {
    const [published, found, notes] = await Promise.all([
      readPublishedGates(chain),
      Promise.all(REPLACEABLE_ROLES.map(async (role) => ({ role, state: await records.read(role) }))),
      file.read(),
    ]);
    const keys = found.flatMap(({ role, state }) => (state ? [{ role, digest: state.gate }] : []));
    return { published, keys, notes: notes ?? NO_NOTES };
  }

  /** The move that the notes tell of, if it still leads somewhere: governance may have decided otherwise meanwhile. */
  function pendingMove(situation: Situation) {
    const { published, keys, notes } = situation;
    const to = notes.movingTo && gateDigest(notes.movingTo);
    const [next, after] = movable(situation);
    if (!to || to !== published.canonical || !next) return undefined;
    const done = keys.filter(({ digest }) => digest === to).map(({ role }) => role);
    return { to, done, next, after };
  }

  /** The wallet that the person chose to sign the move that is under way. */
  let signer: Address | undefined;

  const needOf = (role: ReplaceableRole): Promise<ProofNeed | undefined> =>
    proofs.missing("move-gate", role, signer);

  async function show(situation: Situation): Promise<GatesView> {
    const { published, notes } = situation;
    const keys = situation.keys.map(({ role, digest }): KeyGate => ({
      role,
      gate: describeGate(digest),
      standing: standingOf(digest, published),
    }));
    const canonical = published.canonical && describeGate(published.canonical);
    const pending = pendingMove(situation);
    const need = pending && (await needOf(pending.next));
    return {
      verdict: judge(keys, canonical),
      keys,
      ...(canonical && { canonical }),
      ...(published.since !== undefined && { since: published.since }),
      governance: published.governance,
      declined: canonical !== undefined && notes.declined.includes(canonical.cid),
      movable: movable(situation),
      ...(pending && {
        move: {
          to: describeGate(pending.to),
          done: pending.done,
          next: pending.next,
          ...(need && { need }),
        },
      }),
    };
  }

  async function note(change: (notes: GateNotes) => GateNotes): Promise<void> {
    await file.write(change((await file.read()) ?? NO_NOTES));
  }

  /** One key after another until one has to wait for a proof. */
  async function goOn(gate: GateDigest): Promise<GatesView> {
    const situation = await look();
    const pending = pendingMove(situation);
    if (!pending) {
      signer = undefined;
      await note(({ movingTo: _ended, ...rest }) => rest);
      return show(await look());
    }
    if (await needOf(pending.next)) return show(situation);
    const { next, after } = pending;
    await records.change(
      next,
      { gate },
      { ...(signer && { wallet: signer }), ...(after && { alongside: after }) },
    );
    return goOn(gate);
  }

  let moving: Promise<GatesView> | undefined;

  async function move(cid: GateCid, wallet?: Address): Promise<GatesView> {
    const gate = gateDigest(cid);
    const situation = await look();
    if (situation.published.canonical !== gate) throw gateChanged();
    if (!releaseOf(gate)) throw gateUnknown(gate);
    const behind = situation.keys.find(({ digest }) => digest !== gate);
    if (behind && movable(situation).length === 0) throw keyStuck(behind);
    // Written before anything is: a move that stops between the two keys is found again.
    await note(({ declined, ...rest }) => ({
      ...rest,
      movingTo: cid,
      declined: declined.filter((one) => one !== cid),
    }));
    signer = wallet ?? signer;
    try {
      return await goOn(gate);
    } catch (cause) {
      if (didNotSign(cause)) signer = undefined;
      throw cause;
    }
  }

  return {
    view: async () => show(await look()),
    move(cid, wallet) {
      // A second press waits for what the first one began.
      moving ??= move(cid, wallet).finally(() => {
        moving = undefined;
      });
      return moving;
    },
    async stay(cid) {
      signer = undefined;
      await note(({ movingTo: _ended, declined, ...rest }) => ({
        ...rest,
        declined: [...declined.filter((one) => one !== cid), cid],
      }));
      return show(await look());
    },
  };
}

const gateChanged = () =>
  new WalletError(
    "gate-changed",
    "Governance has changed its mind: another gate is the canonical one now.",
    "Read what the present one changes, then decide again. Nothing was signed.",
  );

/** A key that is at no gate which could sign for its move. */
const keyStuck = ({ digest }: KeyNow) => (releaseOf(digest) ? gateWithdrawn() : gateUnknown(digest));
