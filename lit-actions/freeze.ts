// Keeps the bytes of a release before the source moves on: `node lit-actions/freeze.ts NUMBER`.
import { writeFile } from "node:fs/promises";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { loadRelease, releaseFile } from "./releases.ts";

const number = Number(process.argv[2]);
const release = GATE_RELEASES.find((one) => one.number === number);
if (!release) throw new Error(`There is no gate ${process.argv[2] ?? ""}: name one of gate-releases.json.`);
const { code, cid } = await loadRelease(release);
await writeFile(releaseFile(cid), code);
console.log(`gate ${number} is kept: ${releaseFile(cid)}`);
