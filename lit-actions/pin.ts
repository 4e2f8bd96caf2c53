// Writes the CIDs of the gates that the source builds into core/key-network/gate-releases.json:
// `node lit-actions/pin.ts`, after a change that is meant. Releases whose bytes are kept stay as they are.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { format } from "prettier";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { buildGate, readDeployment } from "./build.ts";
import { releaseFile } from "./releases.ts";

const pinned = await Promise.all(
  GATE_RELEASES.map(async ({ number, cid, deployment, ...words }) => {
    const isKept = existsSync(releaseFile(cid));
    const built = isKept ? cid : (await buildGate(readDeployment(deployment, number))).cid;
    console.log(`gate ${number}: ${built}${isKept ? " (kept)" : ""}`);
    return { number, cid: built, deployment, ...words };
  }),
);
const manifest = new URL("../core/key-network/gate-releases.json", import.meta.url);
await writeFile(manifest, await format(JSON.stringify(pinned), { parser: "json", printWidth: 110 }));
