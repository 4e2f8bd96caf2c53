import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { awaitRedirect } from "./redirect.ts";

/** The status of a GET under a Host of one's choice. */
function statusUnderHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("the browser", () => {
  test("comes back once, with what it was given, and is told to go on in the wallet", async () => {
    const visit = await awaitRedirect();
    expect(visit.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
    const response = await fetch(`${visit.url}?stytch_token_type=oauth&token=abc`);
    expect(await response.text()).toContain("go on in Trivet");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const answer = await visit.answer;
    expect(answer.searchParams.get("token")).toBe("abc");
    await expect(fetch(visit.url)).rejects.toThrow();
  });

  test("ends nothing with another path, another method or under another name", async () => {
    const visit = await awaitRedirect();
    const { origin, host } = new URL(visit.url);
    for (const path of ["/", "/favicon.ico", "/guess", `${new URL(visit.url).pathname}x`]) {
      expect((await fetch(`${origin}${path}?token=evil`)).status).toBe(404);
    }
    expect((await fetch(`${visit.url}/below?token=evil`)).status).toBe(404);
    expect((await fetch(`${visit.url}?token=evil`, { method: "POST" })).status).toBe(404);
    expect(await statusUnderHost(`${visit.url}?token=evil`, "evil.example")).toBe(404);
    expect(await statusUnderHost(`${visit.url}?token=good`, host)).toBe(200);
    expect((await visit.answer).searchParams.get("token")).toBe("good");
  });

  test("that never comes ends the visit with a sentence", async () => {
    const visit = await awaitRedirect({ timeoutMs: 1 });
    await expect(visit.answer).rejects.toMatchObject({ name: "WalletError", code: "browser-timeout" });
    await expect(fetch(visit.url)).rejects.toThrow();
  });

  test("is no longer waited for once the visit is closed", async () => {
    const visit = await awaitRedirect();
    visit.close();
    await expect(visit.answer).rejects.toMatchObject({ name: "WalletError", code: "browser-closed" });
    await expect(fetch(visit.url)).rejects.toThrow();
  });

  test("finds another address every time", async () => {
    const visits = await Promise.all([awaitRedirect(), awaitRedirect(), awaitRedirect()]);
    expect(new Set(visits.map(({ url }) => new URL(url).pathname)).size).toBe(3);
    for (const visit of visits) visit.close();
  });
});
