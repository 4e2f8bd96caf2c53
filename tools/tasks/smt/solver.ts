import { init } from "z3-solver";

export type Answer = "sat" | "unsat" | "unknown";

/** An SMT solver that takes a whole SMT-LIB script. */
export interface Solver {
  solve(script: string): Promise<Answer>;
}

/** The compiler's own choice of parameters for z3's engine for Horn clauses. */
const PARAMETERS = {
  "rewriter.pull_cheap_ite": "true",
  "fp.spacer.q3.use_qgen": "true",
  "fp.spacer.mbqi": "false",
  "fp.spacer.ground_pobs": "false",
};

/**
 * z3 from npm (WebAssembly), so that no system package is needed. It leaves threads behind: the process has to be
 * ended with process.exit.
 *
 * @param timeoutMs how long one script may take before the answer is "unknown"
 */
export async function loadZ3(timeoutMs: number): Promise<Solver> {
  const { Z3 } = await init();
  Z3.global_param_set("timeout", String(timeoutMs));
  for (const [name, value] of Object.entries(PARAMETERS)) Z3.global_param_set(name, value);
  return {
    solve: async (script) => {
      const context = Z3.mk_context(Z3.mk_config());
      try {
        // The compiler writes its own timeout, none, into the script.
        const answer = await Z3.eval_smtlib2_string(context, script.replace("(set-option :timeout 0)", ""));
        return toAnswer(answer.trim());
      } finally {
        Z3.del_context(context);
      }
    },
  };
}

function toAnswer(text: string): Answer {
  if (text === "sat" || text === "unsat" || text === "unknown") return text;
  throw new Error(`z3 said neither sat nor unsat nor unknown: ${text.slice(0, 300)}`);
}
