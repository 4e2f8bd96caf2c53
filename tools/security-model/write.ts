// `node tools/security-model/write.ts`: writes docs/security-model.md anew.
import { writeFileSync } from "node:fs";
import { DOCUMENT, formattedDocument } from "./format.ts";

writeFileSync(DOCUMENT, await formattedDocument());
