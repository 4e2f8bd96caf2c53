import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { gateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import { GATE_RELEASES, type GateRelease } from "#core/key-network/gate-releases.ts";
import { buildGate, type Gate, readDeployment } from "./build.ts";

/** Where the bytes of released gates are kept. */
const RELEASES = fileURLToPath(new URL("./releases", import.meta.url));

/** The code of a release is not what the manifest names. */
export class GateDiffersError extends Error {
  override readonly name = "GateDiffersError";
}

/** The file that keeps a release's bytes once the source has moved on. */
export const releaseFile = (cid: string, folder = RELEASES): string => path.join(folder, `${cid}.js`);

function readKept(file: string): Gate {
  const bytes = readFileSync(file);
  const cid = gateCid(bytes);
  return { code: bytes.toString("utf8"), cid, digest: gateDigest(cid) };
}

/**
 * A release's code: the bytes that were kept of it, or built from the source where none were.
 * @throws GateDiffersError when it has another CID than the manifest names
 */
export async function loadRelease(release: GateRelease, folder = RELEASES): Promise<Gate> {
  const { number, cid, deployment } = release;
  const file = releaseFile(cid, folder);
  const isKept = existsSync(file);
  const gate = isKept ? readKept(file) : await buildGate(readDeployment(deployment, number));
  if (gate.cid === cid) return gate;
  throw new GateDiffersError(
    `Gate ${number} should have the CID ${cid}, but ${isKept ? "its file" : "what the source builds"} has ${gate.cid}. ` +
      (isKept ? "Restore the file from git." : "After a change that is meant: node lit-actions/pin.ts"),
  );
}

/** Every gate that Trivet ships, oldest first, each checked against the manifest. */
export async function loadReleases(): Promise<Gate[]> {
  return Promise.all(GATE_RELEASES.map((release) => loadRelease(release)));
}
