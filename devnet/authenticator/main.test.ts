import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sdkHeaders } from "./testing/harness.ts";

const MAIN = path.join(import.meta.dirname, "main.ts");

let directory: string;
let started: ChildProcess[];
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "trivet-auth-main-"));
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<{ child: ChildProcess; url: string; output: () => string }> {
  const child = fork(MAIN, ["--port", "0", "--state", directory], { silent: true });
  started.push(child);
  let output = "";
  child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  const [message] = (await once(child, "message")) as unknown[];
  expect(message).toBe("ready");
  while (!output.includes("\n")) await once(child.stdout!, "data");
  return { child, url: /http:\/\/\S+/.exec(output)?.[0] ?? "", output: () => output };
}

async function post(url: string, apiPath: string, body: object): Promise<number> {
  const response = await fetch(`${url}/sdk/v1${apiPath}`, {
    method: "POST",
    headers: sdkHeaders(),
    body: JSON.stringify(body),
  });
  return response.status;
}

const sendCode = (url: string) => post(url, "/otps/email/login_or_create", { email: "ada@example.com" });

async function messages(url: string, box: "inbox" | "phone"): Promise<{ to: string; code: string }[]> {
  return (await (await fetch(`${url}/${box}`)).json()) as { to: string; code: string }[];
}
const inbox = (url: string) => messages(url, "inbox");

test("no password, code or token of a mail is ever printed, right or wrong", async () => {
  const { url, output } = await start();
  const email = "ada@example.com";
  const [password, wrong] = ["correct horse battery staple 7", "an entirely different phrase 9"];
  expect(await post(url, "/passwords", { email, password })).toBe(200);
  expect(await post(url, "/passwords/authenticate", { email, password: wrong })).toBe(401);
  expect(await post(url, "/passwords/email/reset/start", { email })).toBe(200);
  expect(await post(url, "/otps/sms/login_or_create", { phone_number: "+41790000001" })).toBe(200);
  const sent = [...(await inbox(url)), ...(await messages(url, "phone"))];
  expect(sent).toHaveLength(2);
  for (const secret of [password, wrong, ...sent.map(({ code }) => code)]) {
    expect(output()).not.toContain(secret);
  }
});

test("what was answered survives being killed, and no code is ever printed", async () => {
  const first = await start();
  expect(await sendCode(first.url)).toBe(200);
  const sent = await inbox(first.url);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await start();
  expect(await inbox(second.url)).toEqual(sent);
  expect(sent).toMatchObject([{ to: "ada@example.com" }]);
  expect(first.output() + second.output()).not.toContain(sent[0]?.code);
});

test("ends when it is told to, and when the process that started it goes away", async () => {
  const told = await start();
  told.child.kill("SIGTERM");
  expect(await once(told.child, "exit")).toEqual([0, null]);

  const orphan = await start();
  orphan.child.disconnect();
  expect(await once(orphan.child, "exit")).toEqual([0, null]);
});

test("says how it is started when the arguments are wrong", async () => {
  const child = fork(MAIN, ["--port", "70000"], { silent: true });
  started.push(child);
  let output = "";
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  expect(await once(child, "close")).toEqual([2, null]);
  expect(output).toContain("Usage:");
});
