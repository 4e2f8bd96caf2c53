import { createServer } from "node:net";

export const DEFAULT_PORT_BASE = 47600;
export const NODE_COUNT = 4;

/** Where each part of the devnet listens, on 127.0.0.1. */
export interface Ports {
  page: number;
  chain: number;
  authenticator: number;
  ledger: number;
  nodes: number[];
}

export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

export function portsFrom(base: number): Ports {
  return {
    page: base,
    chain: base + 1,
    authenticator: base + 2,
    ledger: base + 3,
    nodes: Array.from({ length: NODE_COUNT }, (_, index) => base + 11 + index),
  };
}

/** A base from which every port is free just now, chosen at random. */
export async function findFreeBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await takenOf(portsFrom(base))).length === 0) return base;
  }
}

/**
 * Looks whether every port is free before anything is started, so that the answer is one sentence.
 *
 * @throws {PortTakenError} naming the ports that are not
 */
export async function demandFreePorts(ports: Ports): Promise<void> {
  const taken = await takenOf(ports);
  if (taken.length === 0) return;
  throw new PortTakenError(
    `Port ${taken.join(", ")} on 127.0.0.1 is taken by another program. ` +
      "Stop that program (perhaps another devnet), or choose other ports with --port-base.",
  );
}

async function takenOf(ports: Ports): Promise<number[]> {
  const all = [ports.page, ports.chain, ports.authenticator, ports.ledger, ...ports.nodes];
  const free = await Promise.all(all.map(isFree));
  return all.filter((_, index) => free[index] === false);
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
