/** The explorer in a thread of its own: takes account descriptions, answers with the overview of the weakest. */
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { parseAccount } from "#core/security/explorer/account.ts";
import { explore } from "#core/security/explorer/configurations.ts";
import { overviewOf } from "#core/security/explorer/overview.ts";
import { failuresOfAccount } from "#core/security/explorer/report.ts";

const zRequest = z.object({ id: z.number(), descriptions: z.array(z.unknown()).min(1) });

function weakest(descriptions: readonly unknown[]) {
  const explored = descriptions.map((description) => explore(parseAccount(description)));
  return explored.reduce((worst, one) =>
    failuresOfAccount(one).failure > failuresOfAccount(worst).failure ? one : worst,
  );
}

parentPort?.on("message", (message: unknown) => {
  const { id, descriptions } = zRequest.parse(message);
  try {
    parentPort?.postMessage({ id, overview: overviewOf(weakest(descriptions)) });
  } catch (error) {
    parentPort?.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
});
