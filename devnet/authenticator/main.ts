/** The authenticator as a process of its own: `node devnet/authenticator/main.ts --port 47602 --state DIR`. */
import { parseArgs } from "node:util";
import { z } from "zod";
import "../supervisor/exit-with-parent.ts";
import { startAuthenticator } from "./start.ts";

const zArguments = z.object({
  port: z.coerce.number().int().min(0).max(65_535),
  state: z.string().min(1),
});

const { values } = parseArgs({ options: { port: { type: "string" }, state: { type: "string" } } });
const parsed = zArguments.safeParse(values);
if (!parsed.success) {
  console.error("Usage: node devnet/authenticator/main.ts --port PORT --state DIRECTORY");
  process.exit(2);
}

const authenticator = await startAuthenticator({
  directory: parsed.data.state,
  port: parsed.data.port,
  reportFault: (error) => console.error("The authenticator failed:", error),
});
console.log(`The authenticator listens at ${authenticator.url}`);

const stop = () => void authenticator.close().then(() => process.exit(0));
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
process.send?.("ready");
