import { describe, expect, it } from "vitest";
import { SoftwareLedger } from "./device.ts";
import { DEFAULT_SEED } from "./keys.ts";
import { MODEL_IDS } from "./models.ts";
import { DeviceGone, NoSuchControl } from "./screens/screen.ts";
import { command, PATH, send } from "./testing/commands.ts";

const ledger = (options: Partial<ConstructorParameters<typeof SoftwareLedger>[0]> = {}): SoftwareLedger =>
  new SoftwareLedger({ seed: DEFAULT_SEED, ...options });

const APP_INFO = "b001000000";
const IN_ETHEREUM = "0108457468657265756d06312e32322e3001009000";
const ON_DASHBOARD = /^0105424f4c4f53.*9000$/;
const OPEN_ETHEREUM = command("e0d80000", Buffer.from("Ethereum").toString("hex"));
const SHOW_ADDRESS = command("e0020100", PATH);
const HELLO = command("e0080000", `${PATH}00000005${Buffer.from("hello").toString("hex")}`);

describe("the operating system", () => {
  it("answers nothing but 5515 while it is locked", async () => {
    const device = ledger();
    device.lock();
    expect(await send(device, APP_INFO, SHOW_ADDRESS)).toEqual(["5515", "5515"]);
    device.unlock();
    expect(await send(device, APP_INFO)).toEqual([IN_ETHEREUM]);
  });

  it("closes the app on request and opens it again when the person agrees", async () => {
    const device = ledger({ approval: "always" });
    const [quit, info, address] = await send(device, "b0a7000000", APP_INFO, SHOW_ADDRESS);
    expect(quit).toBe("9000");
    expect(info).toMatch(ON_DASHBOARD);
    expect(address).toBe("6511");
    expect(await send(device, OPEN_ETHEREUM, APP_INFO)).toEqual(["9000", IN_ETHEREUM]);
  });

  it("does not open an app that the person refuses, or that is not installed", async () => {
    const device = ledger({ approval: "never" });
    device.setApp({ open: false });
    const bitcoin = command("e0d80000", Buffer.from("Bitcoin").toString("hex"));
    expect(await send(device, OPEN_ETHEREUM, bitcoin)).toEqual(["5501", "6807"]);
  });

  it("reports the installed version of the app", async () => {
    const device = ledger();
    device.setApp({ version: "1.21.3" });
    const [info, configuration] = await send(device, APP_INFO, "e006000000");
    expect(Buffer.from(info ?? "", "hex").toString("latin1")).toContain("1.21.3");
    expect(configuration).toBe("020115039000");
  });

  it.each(["b002000000", "b001010000"])("does not know the system command %s", async (unknown) => {
    expect(await send(ledger(), unknown)).toEqual(["6e00"]);
  });
});

describe("the plug", () => {
  it("loses what was asked, and every command that waited behind it", async () => {
    const device = ledger();
    const asked = device.apdu(Buffer.from(SHOW_ADDRESS, "hex"));
    const waiting = device.apdu(Buffer.from(APP_INFO, "hex"));
    const lost = Promise.all([asked, waiting].map((each) => expect(each).rejects.toBeInstanceOf(DeviceGone)));
    await expect.poll(() => device.state.asking).toBe(true);
    device.unplug();
    await lost;
    expect(device.state.asking).toBe(false);
    await expect(device.apdu(Buffer.from(APP_INFO, "hex"))).rejects.toBeInstanceOf(DeviceGone);
  });

  it("loses what an app asked that is closed by hand", async () => {
    const device = ledger();
    const lost = expect(device.apdu(Buffer.from(SHOW_ADDRESS, "hex"))).rejects.toBeInstanceOf(DeviceGone);
    await expect.poll(() => device.state.asking).toBe(true);
    device.setApp({ open: false });
    await lost;
    expect(device.state).toMatchObject({ asking: false, app: null });
  });

  it("finds a Nano locked and without an app, and a Flex as it was", async () => {
    for (const model of MODEL_IDS) {
      const device = ledger({ model });
      device.unplug();
      device.plug();
      expect(device.state).toMatchObject(
        model === "nanosp" ? { locked: true, app: null } : { locked: false, app: { name: "Ethereum" } },
      );
      expect(await send(device, APP_INFO)).toEqual([model === "nanosp" ? "5515" : IN_ETHEREUM]);
    }
  });
});

describe("the screen of a Nano", () => {
  it("is gone through with two buttons and answered with both", async () => {
    const device = ledger({ model: "nanosp" });
    const answer = send(device, HELLO);
    await expect.poll(() => device.state.screen.kind).toBe("review");
    const titles: string[] = [];
    const { pages } = device.state.screen;
    for (let page = 1; page < pages; page += 1) {
      titles.push(device.state.screen.title);
      device.screen.gesture("right");
    }
    expect(titles).toEqual(["Review message", "", "Sign message"]);
    expect(device.state.screen.title).toBe("Reject message");
    expect(device.screen.gesture("right")).toBe(false);
    device.screen.gesture("left");
    device.screen.gesture("both");
    expect((await answer)[0]).toMatch(/9000$/);
    expect(device.state.screen).toMatchObject({ kind: "home", title: "Ethereum" });
  });

  it("changes the app's settings by hand", () => {
    const device = ledger({ model: "nanosp" });
    device.screen.gesture("right");
    device.screen.gesture("right");
    expect(device.state.screen).toMatchObject({ title: "Raw messages", lines: [expect.any(String), "Off"] });
    device.screen.gesture("both");
    expect(device.state.settings).toEqual({ rawMessages: true, blindSigning: false });
    expect(device.state.screen).toMatchObject({ title: "Raw messages", lines: [expect.any(String), "On"] });
  });
});

describe("the screen of a Flex", () => {
  it("asks again before it rejects, and goes back when the person does", async () => {
    const device = ledger();
    const answer = send(device, HELLO);
    await expect.poll(() => device.state.screen.kind).toBe("review");
    device.screen.press("next");
    device.screen.press("reject");
    expect(device.state.screen.title).toBe("Reject message?");
    device.screen.press("back");
    expect(device.state.screen.fields).toEqual([{ label: "Message", value: "hello" }]);
    device.screen.press("reject");
    device.screen.press("reject");
    expect(await answer).toEqual(["6985"]);
  });

  it("signs on a long press only", async () => {
    const device = ledger();
    const answer = send(device, HELLO);
    await expect.poll(() => device.state.screen.kind).toBe("review");
    device.screen.gesture("swipe-left");
    device.screen.gesture("swipe-left");
    expect(device.screen.gesture("tap", { x: 240, y: 360 })).toBe(false);
    expect(device.screen.gesture("hold", { x: 240, y: 360 })).toBe(true);
    expect((await answer)[0]).toMatch(/9000$/);
  });

  it("says why it refused what it cannot show", async () => {
    const device = ledger();
    expect(await send(device, command("e00c0000", PATH + "11".repeat(64)))).toEqual(["6a80"]);
    expect(device.state.screen).toMatchObject({
      kind: "notice",
      title: "This transaction cannot be clear-signed",
    });
    device.screen.press("dismiss");
    expect(device.state.screen.kind).toBe("home");
  });

  it("hides a review behind the lock and shows it again after the PIN", async () => {
    const device = ledger();
    const answer = send(device, HELLO);
    await expect.poll(() => device.state.screen.kind).toBe("review");
    device.lock();
    expect(device.state.screen.kind).toBe("locked");
    expect(() => device.screen.answer(true)).toThrow(NoSuchControl);
    device.screen.press("unlock");
    expect(device.state.screen.title).toBe("Review message");
    device.screen.answer(true);
    expect((await answer)[0]).toMatch(/9000$/);
  });

  it("names the controls it has when another is pressed", () => {
    expect(() => ledger().screen.press("approve")).toThrow(/no control "approve" now; there are: next/);
  });
});

it("refuses a seed with a wrong checksum", () => {
  expect(() => ledger({ seed: DEFAULT_SEED.replace("junk", "test") })).toThrow(RangeError);
});
