import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { useAction } from "./use-action.ts";

describe("an action", () => {
  it("is busy while it runs and does not run twice at once", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let runs = 0;
    const action = useAction(async () => {
      runs += 1;
      await promise;
    });
    const first = action.run();
    expect(action.busy.value).toBe(true);
    expect(await action.run()).toBe(false);
    resolve(undefined);
    expect(await first).toBe(true);
    expect(action.busy.value).toBe(false);
    expect(runs).toBe(1);
  });

  it("keeps the error of the last run only", async () => {
    let fail = true;
    const action = useAction(async () => {
      if (fail) throw new WalletError("code-wrong", "Wrong.", "Again.");
    });
    expect(await action.run()).toBe(false);
    expect(action.error.value?.code).toBe("code-wrong");
    fail = false;
    expect(await action.run()).toBe(true);
    expect(action.error.value).toBeUndefined();
  });

  it("turns what nobody foresaw into an error without internals", async () => {
    const action = useAction(async () => {
      throw new TypeError("x is undefined");
    });
    await action.run();
    expect(action.error.value?.code).toBe("unexpected");
    expect(action.error.value?.message).not.toContain("undefined");
  });
});
