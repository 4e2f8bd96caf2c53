import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { SoftwareLedger } from "../device.ts";
import { DEFAULT_SEED } from "../keys.ts";
import { command, PATH } from "../testing/commands.ts";
import { type LedgerServer, serveLedger } from "./server.ts";

const HELLO = command("e0080000", `${PATH}00000005${Buffer.from("hello").toString("hex")}`);
const zAnswer = z.object({ data: z.string() });
const zEvents = z.object({ events: z.array(z.object({ text: z.string() })) });

let device: SoftwareLedger;
let server: LedgerServer;

async function start(options: Partial<ConstructorParameters<typeof SoftwareLedger>[0]>): Promise<void> {
  device = new SoftwareLedger({ seed: DEFAULT_SEED, ...options });
  server = await serveLedger(device, 0);
}
beforeEach(() => start({ model: "nanosp" }));
afterEach(() => server.close());

const request = (path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const post = async (path: string, body: unknown = {}): Promise<unknown> => {
  const response = await request(path, "POST", body);
  expect(response.status).toBe(200);
  return response.json();
};
const texts = async (query = ""): Promise<string[]> =>
  zEvents.parse(await (await request(`/events${query}`)).json()).events.map(({ text }) => text);

describe("Speculos' API", () => {
  it("exchanges commands", async () => {
    expect(await post("/apdu", { data: "B001000000" })).toEqual({
      data: "0108457468657265756d06312e32322e3001009000",
    });
  });

  it.each([{}, { data: "b0010" }, { data: "xx" }, { data: "" }])("refuses %j as a command", async (body) => {
    const response = await request("/apdu", "POST", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining("data") });
  });

  it("refuses a body that is not JSON", async () => {
    const response = await fetch(`${server.url}/apdu`, { method: "POST", body: "{" });
    expect(response.status).toBe(400);
  });

  it("reports what the screen showed, and forgets it on request", async () => {
    device.screen.approval = "always";
    await post("/apdu", { data: HELLO });
    const shown = ["Review message", "Message", "hello", "Sign message", "Reject message", "Ethereum"];
    expect(await texts()).toEqual(expect.arrayContaining(shown));
    await request("/events", "DELETE");
    expect(await texts()).toEqual([]);
    expect(await texts("?currentscreenonly=true")).toEqual(["Ethereum", "The app is ready"]);
  });

  it("streams what the screen shows, until the device is unplugged", async () => {
    const { body } = await request("/events?stream=true");
    if (!body) throw new Error("no stream");
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    device.screen.gesture("right");
    expect((await reader.read()).value).toMatch(/^data: \{"text":"Blind signing",.*\}\n\n/);
    device.unplug();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow();
  });

  it("presses the buttons of a Nano, one by one or together", async () => {
    const answer = post("/apdu", { data: HELLO });
    await expect.poll(() => device.state.asking).toBe(true);
    await post("/button/right", { action: "press-and-release" });
    await post("/button/right", { action: "press" });
    await post("/button/right", { action: "release" });
    expect(device.state.screen.title).toBe("Sign message");
    await post("/button/both", { action: "press-and-release", delay: 0 });
    expect(zAnswer.parse(await answer).data).toMatch(/9000$/);
  });

  it("follows rules for the buttons, with conditions", async () => {
    const both = [
      ["button", 1, true],
      ["button", 2, true],
      ["button", 1, false],
      ["button", 2, false],
    ];
    await post("/automation", {
      version: 1,
      rules: [
        {
          text: "hello",
          conditions: [["seen", false]],
          actions: [
            ["setbool", "seen", true],
            ["button", 2, true],
            ["button", 2, false],
          ],
        },
        { regexp: "Sign ", conditions: [["seen", true]], actions: both },
        {
          regexp: "Review",
          actions: [
            ["button", 2, true],
            ["button", 2, false],
          ],
        },
      ],
    });
    expect(zAnswer.parse(await post("/apdu", { data: HELLO })).data).toMatch(/9000$/);
  });

  it.each([
    { version: 2, rules: [] },
    { version: 1, rules: [{ regexp: "(" }] },
  ])("refuses the rules %j", async (rules) => {
    expect((await request("/automation", "POST", rules)).status).toBe(400);
  });

  it("touches the screen of a Flex", async () => {
    await server.close();
    await start({ model: "flex" });
    const answer = post("/apdu", { data: HELLO });
    await expect.poll(() => device.state.asking).toBe(true);
    for (const page of [2, 3]) {
      await post("/finger", { action: "press-and-release", x: 400, y: 300, x2: 100, y2: 300 });
      expect(device.state.screen.page).toBe(page);
    }
    await post("/finger", { action: "press-and-release", x: 400, y: 300, x2: 460, y2: 300 });
    await post("/finger", { action: "press", x: 450, y: 560 });
    await post("/finger", { action: "release", x: 450, y: 560 });
    await post("/finger", { action: "press-and-release", x: 240, y: 360, delay: 1.5 });
    expect(zAnswer.parse(await answer).data).toMatch(/9000$/);
  });

  it("breaks off every connection while the device is unplugged, the pending one too", async () => {
    const pending = request("/apdu", "POST", { data: HELLO });
    const broken = expect(pending).rejects.toThrow("fetch failed");
    await expect.poll(() => device.state.asking).toBe(true);
    await post("/trivet/unplug");
    await broken;
    for (const path of ["/events", "/events?stream=true"]) {
      await expect(request(path)).rejects.toThrow("fetch failed");
    }
    await expect(request("/apdu", "POST", { data: HELLO })).rejects.toThrow("fetch failed");
  });
});

describe("the API for the devnet's page", () => {
  it("tells all that is needed to draw the device", async () => {
    const answer = post("/apdu", { data: HELLO });
    await expect.poll(() => device.state.asking).toBe(true);
    const state = await (await request("/trivet/state")).json();
    expect(state).toMatchObject({
      model: "nanosp",
      modelName: "Ledger Nano S Plus",
      touch: false,
      size: { width: 128, height: 64 },
      pluggedIn: true,
      locked: false,
      app: { name: "Ethereum", version: "1.22.0" },
      settings: { rawMessages: false, blindSigning: false },
      approval: "ask",
      asking: true,
      screen: {
        kind: "review",
        page: 1,
        pages: 4,
        title: "Review message",
        controls: [{ id: "next", label: "Next", gesture: "right" }],
      },
    });
    await post("/trivet/reject");
    expect(await answer).toEqual({ data: "6985" });
  });

  it("does with the device what only hands can do", async () => {
    expect(await post("/trivet/lock")).toMatchObject({ locked: true, screen: { kind: "locked" } });
    expect(await post("/trivet/press", { control: "unlock" })).toMatchObject({ locked: false });
    expect(await post("/trivet/app", { open: false })).toMatchObject({
      app: null,
      screen: { kind: "dashboard" },
    });
    expect(await post("/trivet/app", { version: "1.21.0" })).toMatchObject({ app: null });
    expect(await post("/trivet/app", { open: true })).toMatchObject({ app: { version: "1.21.0" } });
    expect(await post("/trivet/settings", { rawMessages: true, approval: "never" })).toMatchObject({
      settings: { rawMessages: true, blindSigning: false },
      approval: "never",
    });
    expect(await post("/trivet/unplug")).toMatchObject({ pluggedIn: false, screen: { kind: "off" } });
    expect(await post("/trivet/plug")).toMatchObject({ pluggedIn: true, locked: true });
    expect(await post("/trivet/model", { model: "flex" })).toMatchObject({
      model: "flex",
      touch: true,
      locked: false,
    });
  });

  it("says when there is nothing to approve", async () => {
    const response = await request("/trivet/approve", "POST");
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({ error: "the device asks nothing at the moment" });
  });

  it.each([
    ["/trivet/model", { model: "nanos" }],
    ["/trivet/settings", { rawMessages: "yes" }],
    ["/trivet/settings", { unknown: true }],
    ["/trivet/app", { version: "latest" }],
  ])("refuses %s with %j", async (path, body) => {
    expect((await request(path, "POST", body)).status).toBe(400);
  });

  it("answers no page from elsewhere", async () => {
    const from = async (origin: string) =>
      (await request("/trivet/state", "GET", undefined, { origin })).status;
    expect(await from("https://example.com")).toBe(403);
    expect(await from("http://127.0.0.1.example.com")).toBe(403);
    expect(await from("null")).toBe(403);
    expect(await from("http://127.0.0.1:47600")).toBe(200);
    expect(await from("http://localhost:47600")).toBe(200);
  });
});

it("says when its port is taken", async () => {
  const port = Number(new URL(server.url).port);
  await expect(serveLedger(device, port)).rejects.toThrow(/EADDRINUSE/);
});
