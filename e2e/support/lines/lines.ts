import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { NetworkConfig } from "#core/config/network.ts";
import { Line } from "./line.ts";

/** The wallet's lines to the world, and the network description that leads over them. */
export class Lines {
  readonly chain: Line;
  readonly relay: Line;
  readonly authenticator: Line;
  readonly ledger: Line;
  readonly networkFile: string;

  private constructor([chain, relay, authenticator, ledger]: [Line, Line, Line, Line], networkFile: string) {
    this.chain = chain;
    this.relay = relay;
    this.authenticator = authenticator;
    this.ledger = ledger;
    this.networkFile = networkFile;
  }

  static async open(network: NetworkConfig): Promise<Lines> {
    const [rpcUrl] = network.chain.rpcUrls;
    const { ledger } = network;
    if (rpcUrl === undefined || ledger.transport !== "speculos") throw new Error("this is not a devnet");
    const lines = await Promise.all([
      Line.open(rpcUrl),
      Line.open(network.relayUrl),
      Line.open(network.authenticator.baseUrl),
      Line.open(ledger.url),
    ]);
    const [chain, relay, authenticator, device] = lines;
    const overLines: NetworkConfig = {
      ...network,
      chain: { ...network.chain, rpcUrls: [chain.url] },
      relayUrl: relay.url,
      authenticator: { ...network.authenticator, baseUrl: authenticator.url },
      ledger: { ...ledger, url: device.url },
    };
    const folder = await mkdtemp(path.join(tmpdir(), "trivet-lines-"));
    const networkFile = path.join(folder, "network.json");
    await writeFile(networkFile, JSON.stringify(overLines));
    return new Lines(lines, networkFile);
  }

  get #all(): readonly Line[] {
    return [this.chain, this.relay, this.authenticator, this.ledger];
  }

  mend(): void {
    for (const line of this.#all) line.mend();
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(async (line) => line.close()));
    await rm(path.dirname(this.networkFile), { recursive: true, force: true });
  }
}
