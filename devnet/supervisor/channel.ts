import type { ChildProcess } from "node:child_process";
import { z } from "zod";

/**
 * Questions and answers between the supervisor and a process it started, over Node's own channel: the only
 * way to do what the public servers do not offer. No one else can reach it.
 */
const zRequest = z.object({ id: z.number(), method: z.string(), params: z.unknown().optional() });
const zResponse = z.object({ id: z.number(), result: z.unknown().optional(), error: z.string().optional() });

let lastId = 0;

/** Asks `child` and resolves with its answer; rejects with the child's error or when it is gone. */
export async function ask(child: ChildProcess, method: string, params: unknown = {}): Promise<unknown> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      child.off("message", onMessage);
      child.off("exit", onExit);
      finish();
    };
    const onMessage = (message: unknown) => {
      const response = zResponse.safeParse(message);
      if (!response.success || response.data.id !== id) return;
      const { error, result } = response.data;
      settle(() => {
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
    };
    const onExit = () => settle(() => reject(new Error(`The process ended before it answered "${method}".`)));
    child.on("message", onMessage);
    child.once("exit", onExit);
    child.send({ id, method, params }, (error) => {
      if (error !== null) settle(() => reject(error));
    });
  });
}

/** Answers the parent's questions, each method with its handler. */
export function answerRequests(handlers: Record<string, (params: unknown) => Promise<unknown>>): void {
  process.on("message", (message) => {
    const request = zRequest.safeParse(message);
    if (!request.success) return;
    const { id, method, params } = request.data;
    const handler = handlers[method];
    const answer = handler === undefined ? Promise.reject(new Error(`no method ${method}`)) : handler(params);
    answer.then(
      (result) => process.send?.({ id, result }),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
}
