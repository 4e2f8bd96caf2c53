import { afterEach, expect, it, vi } from "vitest";
import { createLoopbackApp, listenOnLoopback, type LoopbackServer } from "./loopback.ts";

const servers: Pick<LoopbackServer, "close">[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server that has answered. */
async function serve(): Promise<void> {
  const app = createLoopbackApp().get("/", (context) => context.text("here"));
  const server = await listenOnLoopback(app, 0);
  servers.push(server);
  expect(await (await fetch(server.url)).text()).toBe("here");
}

it("takes a body whose length nobody tells", async () => {
  const app = createLoopbackApp().post("/", async (context) => context.text(await context.req.text()));
  const server = await listenOnLoopback(app, 0);
  servers.push(server);
  const inParts = { method: "POST", body: new Blob(["in parts"]).stream(), duplex: "half" };
  const answer = await fetch(server.url, inParts);
  expect(await answer.text()).toBe("in parts");
});

it("lets a Ledger that is loaded afterwards keep its streams, and says nothing", async () => {
  const said = vi.spyOn(console, "error");
  await serve();
  const { SoftwareLedger } = await import("../ledger/device.ts");
  const { DEFAULT_SEED } = await import("../ledger/keys.ts");
  const { serveLedger } = await import("../ledger/http/server.ts");
  const ledger = new SoftwareLedger({ model: "nanosp", seed: DEFAULT_SEED });
  const server = await serveLedger(ledger, 0);
  servers.push(server);
  const { body } = await fetch(`${server.url}/events?stream=true`);
  if (!body) throw new Error("no stream");
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  ledger.screen.gesture("right");
  expect((await reader.read()).value).toMatch(/^data: \{"text":"/);
  expect(said).not.toHaveBeenCalled();
});
