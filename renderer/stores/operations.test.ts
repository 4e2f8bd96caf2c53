import { describe, expect, it } from "vitest";
import { installStoreWallet } from "../testing/store-wallet.ts";
import { anOperation, ledgerAddress, recipient, tusd } from "../testing/samples.ts";
import { useOperationsStore } from "./operations.ts";

const other = "7b0d8a54-0c1e-4d1b-8c77-3a1f5f0e9d11";

describe("the operations store", () => {
  it("keeps each operation once, newest first, in its latest view", () => {
    const { emit } = installStoreWallet({});
    const store = useOperationsStore();
    emit("operation", anOperation({ createdAt: 1 }));
    emit("operation", anOperation({ id: other, createdAt: 2 }));
    emit("operation", anOperation({ createdAt: 1, status: "waiting" }));
    expect(store.all.map(({ id, status }) => [id, status])).toEqual([
      [other, "running"],
      [anOperation().id, "waiting"],
    ]);
  });

  it("counts running and waiting operations as in flight, no others", () => {
    const { emit } = installStoreWallet({});
    const store = useOperationsStore();
    emit("operation", anOperation({ status: "done" }));
    emit("operation", anOperation({ id: other, status: "waiting" }));
    expect(store.inFlight.map(({ id }) => id)).toEqual([other]);
    emit("operation", anOperation({ id: other, status: "dropped" }));
    expect(store.inFlight).toEqual([]);
  });

  it("starts a withdrawal with what was reviewed and can find it again", async () => {
    const inputs: unknown[] = [];
    installStoreWallet({
      "withdraw.start": (input) => {
        inputs.push(input);
        return anOperation();
      },
    });
    const store = useOperationsStore();
    const wish = { token: tusd.address, to: recipient, amount: 5n, signedBy: ["device" as const] };
    const started = await store.startWithdrawal(wish);
    expect(inputs).toEqual([wish]);
    expect(store.byId(started.id)).toEqual(anOperation());
  });

  it("goes on with the wallet that proves itself", async () => {
    const inputs: unknown[] = [];
    installStoreWallet({
      "operations.useWallet": (input) => {
        inputs.push(input);
        return anOperation();
      },
    });
    const store = useOperationsStore();
    await store.proveWithWallet(anOperation().id, ledgerAddress);
    expect(inputs).toEqual([{ id: anOperation().id, wallet: ledgerAddress }]);
    expect(store.byId(anOperation().id)).toEqual(anOperation());
  });
});
