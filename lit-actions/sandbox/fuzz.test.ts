/**
 * Whatever the bundled gate is asked, it answers with a reason or signs exactly what the device key approved. Most runs
 * are in this process, where there can be thousands; some go through the sandbox with the very bytes.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { GateRequestJson, GateResponse } from "#core/key-network/gate-request.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { GateWorld, type Household } from "#devnet/testing/gate-world.ts";
import { person, recordOf } from "#devnet/testing/token-issuer.ts";
import { addressOf, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const PROVEN = { proven: { email: 0, totp: 0 } };

let gates: GateWorld;
let home: Household;
let granted: readonly GateRequestJson[];

beforeAll(async () => {
  gates = await GateWorld.start();
  home = await gates.createHousehold({ who: ada });
  const jwt = await gates.issuer.token(ada, PROVEN);
  const record = recordOf(ada, home.account, ["email", "totp"]);
  granted = [
    await gates.operationRequest(home, withdrawal(home.account), jwt),
    await gates.recordRequest(home, { record, version: 2n }, jwt),
  ];
});
afterAll(async () => {
  await gates.stop();
});

type Path = readonly (string | number)[];

/** Where every value of a request is. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** The request with another value at one place. */
function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const inside = replaced((value as Record<string | number, unknown>)[name], rest, by);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === Number(name) ? inside : item));
  return { ...(value as object), [name]: inside };
}

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((array): Hex => `0x${Buffer.from(array).toString("hex")}`);
const odd = fc.oneof(
  fc.jsonValue(),
  hex(20),
  hex(32),
  hex(65),
  fc.bigInt({ min: 0n, max: 2n ** 256n }).map(String),
  fc.constantFrom(
    "withdraw",
    "unfreeze",
    "device",
    "recovery",
    "mfa",
    "set-record",
    "sign-operation",
    "wallet",
    "",
  ),
);

/** One of the good requests, changed at one to three places. */
const twisted = () =>
  fc
    .tuple(fc.constantFrom(...granted), fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }))
    .map(([request, changes]) =>
      changes.reduce<unknown>((changed, [which, by]) => {
        const paths = pathsOf(request);
        const path = paths[which % paths.length] ?? [];
        return changed === undefined ? changed : safely(() => replaced(changed, path, by));
      }, request),
    );

/** An earlier change may have taken the place away that a later one is for. */
function safely(change: () => unknown): unknown {
  try {
    return change();
  } catch {
    return undefined;
  }
}

const zSignable = z.object({ action: z.enum(["sign-operation", "set-record"]), deviceSignature: z.string() });

/** A gate that signs has been asked with the signature that the device key made for that very digest. */
function expectHarmless(request: unknown, answer: GateResponse, signed: readonly string[]): void {
  if (!answer.ok) {
    expect(signed).toEqual([]);
    return;
  }
  const good = granted.find(({ action }) => action === zSignable.parse(request).action);
  expect(zSignable.parse(request).deviceSignature.toLowerCase()).toBe(good?.deviceSignature);
  expect(signed).toEqual([answer.digest]);
  if (good?.action === "sign-operation") {
    expect(answer.digest).toBe(operationDigest(withdrawal(home.account), "compact", gates.world.domain));
  }
}

async function runHere(params: unknown): Promise<{ answer: GateResponse; signed: string[] }> {
  const { answer, wish } = await gates.runHere(params, addressOf(home.owner.device));
  return { answer, signed: wish ? [wish.digest] : [] };
}

describe("the gate, asked anything,", () => {
  test("grants the requests that the others are made from", async () => {
    for (const request of granted) {
      const { answer, signed } = await runHere(request);
      expect(answer).toMatchObject({ ok: true });
      expectHarmless(request, answer, signed);
    }
  });

  test(
    "never signs what the device key did not approve, and always says why",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(twisted(), async (request) => {
          const { answer, signed } = await runHere(request);
          expectHarmless(request, answer, signed);
        }),
        { numRuns: 1500 },
      );
    },
  );

  test("answers arbitrary values, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ withBigInt: true, withNullPrototype: true }), async (request) => {
        const { answer, signed } = await runHere(request);
        expect(answer).toMatchObject({ ok: false });
        expect(signed).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test(
    "does the same in the sandbox, where a request's fields are globals",
    { timeout: 120_000 },
    async () => {
      const device = addressOf(home.owner.device);
      const extra = fc.dictionary(
        fc.oneof(
          fc.string({ minLength: 1 }),
          fc.constantFrom("z", "Lit", "fetch", "__proto__", "then", "jwt", "opened"),
        ),
        odd,
        { maxKeys: 2 },
      );
      await fc.assert(
        fc.asyncProperty(twisted(), extra, async (request, more) => {
          const isObject = typeof request === "object" && request !== null && !Array.isArray(request);
          const asked = { ...(isObject ? request : {}), ...more };
          // A run that fails, because a field is named as a global the gate needs, signs nothing: the node refuses it.
          const run = await gates.run(asked, device).catch(() => undefined);
          if (run) expectHarmless(asked, run.answer, run.wish ? [run.wish.digest] : []);
        }),
        { numRuns: 40 },
      );
    },
  );
});
