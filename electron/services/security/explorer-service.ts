import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { AccountDescription } from "#core/security/explorer/account.ts";
import { zSecurityReport } from "#core/wallet-api/security.ts";

/** What the explorer finds, without what only the description knows. */
const zOverview = zSecurityReport.omit({ remarks: true });
export type ExploredAccount = z.output<typeof zOverview>;

const zAnswer = z.union([
  z.object({ id: z.number(), overview: zOverview }),
  z.object({ id: z.number(), problem: z.string() }),
]);

/** The explorer, which works beside main: an account with many friends takes it seconds. */
export interface ExplorerService {
  /** Explores each description and resolves to the overview of the one that fails likeliest. */
  readonly explore: (descriptions: readonly AccountDescription[]) => Promise<ExploredAccount>;
  readonly stop: () => Promise<void>;
}

/**
 * @param entry the thread's file
 */
export function createExplorerService(entry: URL | string): ExplorerService {
  let thread: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, PromiseWithResolvers<ExploredAccount>>();
  /** An account changes rarely and its screen is opened often: the latest answer is kept. */
  let latest: { readonly asked: string; readonly answer: Promise<ExploredAccount> } | undefined;

  function ended(cause: Error): void {
    thread = undefined;
    latest = undefined;
    for (const { reject } of waiting.values()) reject(cause);
    waiting.clear();
  }

  function start(): Worker {
    // It computes and nothing else: neither what main was started with nor its environment is its business.
    const started = new Worker(entry, { execArgv: [], env: {} });
    started.on("message", (message: unknown) => {
      const answer = zAnswer.parse(message);
      const call = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("overview" in answer) call?.resolve(answer.overview);
      else call?.reject(new Error(answer.problem));
    });
    started.once("error", ended);
    started.once("exit", () => {
      if (thread === started) ended(new Error("the explorer's thread ended"));
    });
    // It does not keep a closing app open.
    started.unref();
    return started;
  }

  function ask(descriptions: readonly AccountDescription[]): Promise<ExploredAccount> {
    thread ??= start();
    lastId += 1;
    const call = Promise.withResolvers<ExploredAccount>();
    waiting.set(lastId, call);
    thread.postMessage({ id: lastId, descriptions });
    return call.promise;
  }

  return {
    explore(descriptions) {
      const asked = JSON.stringify(descriptions);
      if (latest?.asked === asked) return latest.answer;
      const answer = ask(descriptions);
      latest = { asked, answer };
      // What failed is tried again; who asked hears of it.
      answer.catch(() => {
        if (latest?.answer === answer) latest = undefined;
      });
      return answer;
    },
    async stop() {
      const ending = thread;
      ended(new Error("the explorer was stopped"));
      await ending?.terminate();
    },
  };
}
