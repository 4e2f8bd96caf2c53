// Writes the CID of the devnet's gate to gate.cid: `node lit-actions/pin.ts`, after a change that is meant.
import { writeFile } from "node:fs/promises";
import { buildGate } from "./build.ts";

const { cid } = await buildGate();
await writeFile(new URL("./gate.cid", import.meta.url), `${cid}\n`);
console.log(cid);
