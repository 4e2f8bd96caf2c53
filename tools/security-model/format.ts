import prettier from "prettier";
import { fileURLToPath } from "node:url";
import { securityModelDocument } from "./document.ts";

/** Where the document is kept. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/security-model.md", import.meta.url));

/** The document as it is kept. */
export async function formattedDocument(): Promise<string> {
  const options = await prettier.resolveConfig(DOCUMENT);
  return prettier.format(securityModelDocument(), { ...options, parser: "markdown" });
}
