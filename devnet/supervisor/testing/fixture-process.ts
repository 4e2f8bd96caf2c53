// A process to manage in tests: `node fixture-process.ts PORT [mode]`. Answers /health, and dies when asked.
import { createServer } from "node:http";
import { answerRequests } from "../channel.ts";

const [port, mode] = process.argv.slice(2);
if (mode === "dies-at-once") {
  console.error("the fixture has no reason to live");
  process.exit(3);
}
if (mode === "ignores-sigterm") process.on("SIGTERM", () => console.log("not yet"));

createServer((request, response) => {
  if (request.url === "/crash") process.kill(process.pid, "SIGKILL");
  response.end("ok");
}).listen(Number(port), "127.0.0.1", () => console.log("the fixture listens"));

answerRequests({
  double: async (value) => Number(value) * 2,
  fail: async () => {
    throw new Error("no such luck");
  },
});
