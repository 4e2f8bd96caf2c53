import { init, killThreads, Z3_error_code, Z3_lbool } from "z3-solver";

export type Answer = "sat" | "unsat" | "unknown";

/** An SMT solver for systems of Horn clauses. */
export interface Solver {
  /**
   * Whether all assertions of an SMT-LIB script hold together. One script at a time.
   *
   * @throws Error with the solver's own words when it cannot read the script, or when that asserts nothing
   */
  solve(script: string): Promise<Answer>;
  /** Ends the solver's threads, which keep the process alive otherwise. */
  close(): Promise<void>;
}

/** The compiler's own choice of parameters for z3's engine for Horn clauses. */
const PARAMETERS = {
  "rewriter.pull_cheap_ite": "true",
  "fp.spacer.q3.use_qgen": "true",
  "fp.spacer.mbqi": "false",
  "fp.spacer.ground_pobs": "false",
};

const ANSWERS: Record<Z3_lbool, Answer> = {
  [Z3_lbool.Z3_L_TRUE]: "sat",
  [Z3_lbool.Z3_L_FALSE]: "unsat",
  [Z3_lbool.Z3_L_UNDEF]: "unknown",
};

/**
 * z3 from npm (WebAssembly), so that no system package is needed.
 *
 * @param timeoutMs how long one script may take before the answer is "unknown"
 */
export async function loadZ3(timeoutMs: number): Promise<Solver> {
  const api = await init();
  const { Z3 } = api;
  Z3.global_param_set("timeout", String(timeoutMs));
  for (const [name, value] of Object.entries(PARAMETERS)) Z3.global_param_set(name, value);
  return {
    solve: async (script) => {
      const context = Z3.mk_context(Z3.mk_config());
      try {
        const solver = Z3.mk_solver_for_logic(context, Z3.mk_string_symbol(context, "HORN"));
        Z3.solver_inc_ref(context, solver);
        // Read here and now: what z3 is handed to read in its own thread (eval_smtlib2_string) lies on a stack that is
        // written over meanwhile. The compiler writes its own timeout, none, into the script.
        Z3.solver_from_string(context, solver, script.replace("(set-option :timeout 0)", ""));
        const error = Z3.get_error_code(context);
        if (error !== Z3_error_code.Z3_OK) {
          throw new Error(`z3 cannot read the script: ${Z3.get_error_msg(context, error)}`);
        }
        if (Z3.ast_vector_size(context, Z3.solver_get_assertions(context, solver)) === 0) {
          throw new Error("The script asserts nothing.");
        }
        return ANSWERS[await Z3.solver_check(context, solver)];
      } finally {
        Z3.del_context(context);
      }
    },
    close: async () => await killThreads(api.em),
  };
}
