// `node create-identity.ts FILE` makes a node's identity (or keeps the one that is there) and prints its public
// key. A process of its own, so that no process ever sees the private keys of two nodes.
import { openIdentity } from "./identity.ts";

const [, , file] = process.argv;
if (file === undefined) throw new Error("Name the identity's file.");
process.stdout.write((await openIdentity(file)).publicKey);
