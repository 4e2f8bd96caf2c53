/**
 * The message by which a device key opens a session: Sign-In with Ethereum (ERC-4361) whose last resource is a
 * capability (ERC-5573) that says what the session may do.
 */
import { base64urlnopad } from "@scure/base";
import { z } from "zod";
import { type Address, zAddress } from "#core/primitives/address.ts";
import { NodeError } from "../errors.ts";

/** What the capability allows: by resource, then ability; each with restrictions, which must be empty here. */
export type Capability = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A session message, taken apart. */
export interface SessionMessage {
  readonly address: Address;
  readonly uri: string;
  readonly expirationTime: Date;
  readonly notBefore: Date | undefined;
  readonly capability: Capability;
}

// The whole of ERC-4361's grammar in one expression, except that a statement, an expiration and resources are
// demanded: anchored at both ends, every field on its own line, so that no field can pretend to be another.
const MESSAGE = new RegExp(
  [
    "^(?<domain>[^\\s/?#@]+) wants you to sign in with your Ethereum account:",
    "(?<address>0x[0-9a-fA-F]{40})",
    "",
    "(?<statement>[^\\n]+)",
    "",
    "URI: (?<uri>\\S+)",
    "Version: 1",
    "Chain ID: \\d+",
    "Nonce: [a-zA-Z0-9]{8,}",
    "Issued At: (?<issuedAt>\\S+)",
    "Expiration Time: (?<expirationTime>\\S+)(?:\\nNot Before: (?<notBefore>\\S+))?(?:\\nRequest ID: \\S*)?",
    "Resources:(?<resources>(?:\\n- \\S+)+)$",
  ].join("\\n"),
);

const zTime = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const zFields = z.object({
  address: zAddress,
  statement: z.string(),
  uri: z.string(),
  issuedAt: zTime,
  expirationTime: zTime,
  notBefore: zTime.optional(),
  resources: z.string(),
});

const RECAP_PREFIX = "urn:recap:";
const zName = z.string().regex(/^[a-zA-Z0-9.*_+-]+\/[a-zA-Z0-9.*_+-]+$/);
const zRecap = z.object({
  att: z.record(z.string(), z.record(zName, z.array(z.strictObject({})).min(1))),
  prf: z.array(z.unknown()).max(0),
});

/** @throws NodeError session-malformed */
export function parseSessionMessage(text: string): SessionMessage {
  const parsed = zFields.safeParse(MESSAGE.exec(text)?.groups);
  if (!parsed.success)
    throw malformed("it is no Sign-In with Ethereum message with a capability", parsed.error);
  const { address, uri, expirationTime, notBefore, statement, resources } = parsed.data;
  const capability = parseCapability(resources.split("\n- ").at(-1) ?? "");
  if (!statement.endsWith(describeCapability(capability))) {
    throw malformed("its words do not say what its capability allows");
  }
  return { address, uri, expirationTime, notBefore, capability };
}

function parseCapability(resource: string): Capability {
  if (!resource.startsWith(RECAP_PREFIX)) throw malformed("its last resource is no capability");
  try {
    const json = new TextDecoder("utf-8", { fatal: true }).decode(
      base64urlnopad.decode(resource.slice(RECAP_PREFIX.length)),
    );
    return zRecap.parse(JSON.parse(json)).att;
  } catch (cause) {
    throw malformed(
      "its capability cannot be read, or restricts or delegates, which nodes do not know",
      cause,
    );
  }
}

/** The sentence that ERC-5573 demands at the end of the statement. */
function describeCapability(capability: Capability): string {
  const parts = Object.keys(capability)
    .sort()
    .flatMap((resource) => {
      const byNamespace = Map.groupBy(Object.keys(capability[resource] ?? {}).sort(), (ability) =>
        ability.slice(0, ability.indexOf("/")),
      );
      return [...byNamespace].map(([namespace, abilities]) => {
        const names = abilities.map((ability) => `'${ability.slice(namespace.length + 1)}'`).join(", ");
        return `'${namespace}': ${names} for '${resource}'.`;
      });
    })
    .map((part, index) => `(${index + 1}) ${part}`);
  const intro = "I further authorize the stated URI to perform the following actions on my behalf:";
  return `${intro} ${parts.join(" ")}`;
}

function malformed(why: string, cause?: unknown): NodeError {
  return new NodeError("session-malformed", `The session's message is not accepted: ${why}.`, {
    status: 401,
    cause,
  });
}
