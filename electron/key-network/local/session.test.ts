import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { LitNodeClientNodeJs } from "@lit-protocol/lit-node-client";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { gateCid } from "#core/key-network/gate-cid.ts";
import {
  GATE_ABILITY,
  GATE_RESOURCE_PREFIX,
  type SessionGrant,
  sessionMessage,
} from "#core/key-network/session-message.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { Session, type SessionSignature } from "./session.ts";

const NODES = ["http://127.0.0.1:1001", "http://127.0.0.1:1002"];
const NONCE = `0x${"cd".repeat(32)}`;
const device = privateKeyToAccount(generatePrivateKey());
const ADDRESS = toAddress(device.address);
const gate = gateCid(new Uint8Array([1]));

let now: number;
let session: Session;
const signSession = vi.fn<(grant: SessionGrant) => Promise<Hex>>();

beforeEach(() => {
  now = Date.now();
  signSession.mockReset();
  signSession.mockImplementation((grant) => device.signMessage({ message: sessionMessage(grant) }));
  session = new Session({ chainId: 31337, gate, signSession, now: () => now });
});

const sign = () => session.signFor(NODES, ADDRESS, NONCE);

const zSigned = z.object({
  sessionKey: z.string(),
  resourceAbilityRequests: z.array(z.unknown()),
  capabilities: z.tuple([
    z.object({
      sig: z.string(),
      derivedVia: z.string(),
      signedMessage: z.string(),
      address: z.string(),
    }),
  ]),
  issuedAt: z.string(),
  expiration: z.string(),
  nodeAddress: z.string(),
});
const signedOf = (signature: SessionSignature | undefined) =>
  zSigned.parse(JSON.parse(signature?.signedMessage ?? ""));

/** The Lit client as it is after it connected to the nodes, without any network. */
function connectedClient(): LitNodeClientNodeJs {
  const options = { litNetwork: "custom", contractContext: { Staking: {} }, debug: false };
  const client = new LitNodeClientNodeJs(
    options as unknown as ConstructorParameters<typeof LitNodeClientNodeJs>[0],
  );
  client.connectedNodes = new Set(NODES);
  client.latestBlockhash = NONCE;
  client.lastBlockHashRetrieved = Date.now();
  client.ready = true;
  return client;
}

describe("a session", () => {
  test("signs for each node by the session key that the device key named", async () => {
    const signatures = await sign();
    expect(Object.keys(signatures)).toEqual(NODES);
    for (const url of NODES) {
      const signature = signatures[url];
      if (!signature) throw new Error("no signature");
      const { nodeAddress, sessionKey, capabilities } = signedOf(signature);
      expect(nodeAddress).toBe(url);
      expect(signature.address).toBe(sessionKey);
      expect(capabilities[0].signedMessage).toContain(`URI: lit:session:${sessionKey}\n`);
      const message = utf8ToBytes(signature.signedMessage);
      expect(ed25519.verify(hexToBytes(signature.sig), message, hexToBytes(sessionKey))).toBe(true);
    }
  });

  test("is one that the Lit client takes for its own: same form, and no wish to have it signed anew", async () => {
    const ours = (await sign())[NODES[0] ?? ""];
    const { capabilities, sessionKey } = signedOf(ours);
    const client = connectedClient();
    const resource = {
      resource: gate,
      resourcePrefix: GATE_RESOURCE_PREFIX,
      isValidLitAbility: (ability: string) => ability === GATE_ABILITY,
      getResourceKey: () => `${GATE_RESOURCE_PREFIX}://${gate}`,
      toString: () => `${GATE_RESOURCE_PREFIX}://${gate}`,
    } as const;
    const requests = [{ resource, ability: GATE_ABILITY }] as const;
    expect(
      await client.checkNeedToResignSessionKey({
        authSig: capabilities[0],
        sessionKeyUri: `lit:session:${sessionKey}`,
        resourceAbilityRequests: [...requests],
      }),
    ).toBe(false);

    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const theirs = await client.getSessionSigs({
      chain: "ethereum",
      expiration: signedOf(ours).expiration,
      resourceAbilityRequests: [...requests],
      sessionKey: client.getSessionKey(),
      authNeededCallback: ({ uri = "" }) => {
        const grant = { ...lastGrant(), sessionKey: uri.replace("lit:session:", "") };
        return device
          .signMessage({ message: sessionMessage(grant) })
          .then((sig) => ({ ...capabilities[0], sig, signedMessage: sessionMessage(grant) }));
      },
    });
    const their = theirs[NODES[0] ?? ""];
    expect(Object.keys(their ?? {})).toEqual(Object.keys(ours ?? {}));
    const form = (signedMessage = "{}") => {
      const signed = zSigned.parse(JSON.parse(signedMessage));
      return [Object.keys(signed), signed.resourceAbilityRequests, signed.expiration, signed.nodeAddress];
    };
    expect(form(their?.signedMessage)).toEqual(form(ours?.signedMessage));
  });

  const lastGrant = (): SessionGrant => {
    const [grant] = signSession.mock.lastCall ?? [];
    if (!grant) throw new Error("the device key was not asked");
    return grant;
  };

  test("asks the device key once, also for requests at the same time", async () => {
    await Promise.all([sign(), sign(), sign()]);
    expect(signSession).toHaveBeenCalledTimes(1);
    expect(lastGrant()).toMatchObject({ address: ADDRESS, chainId: 31337, nonce: NONCE, gate });
  });

  test("is renewed in its last minute", async () => {
    await sign();
    now += 539_000;
    await sign();
    expect(signSession).toHaveBeenCalledTimes(1);
    now += 2_000;
    await sign();
    expect(signSession).toHaveBeenCalledTimes(2);
  });

  test("is of one device key: another one opens its own", async () => {
    await sign();
    const other = toAddress(`0x${"11".repeat(20)}`);
    await session.signFor(NODES, other, NONCE);
    expect(lastGrant().address).toBe(other);
    const [first, second] = signSession.mock.calls;
    expect(first?.[0].sessionKey).not.toBe(second?.[0].sessionKey);
  });

  test("is gone once it is forgotten, also while it is being opened", async () => {
    const opening = sign();
    session.forget();
    await opening;
    await sign();
    expect(signSession).toHaveBeenCalledTimes(2);
  });

  test("that the vault refuses fails, and the next request asks again", async () => {
    signSession.mockRejectedValueOnce(new Error("locked"));
    await expect(sign()).rejects.toThrow("locked");
    await sign();
    expect(signSession).toHaveBeenCalledTimes(2);
  });
});
