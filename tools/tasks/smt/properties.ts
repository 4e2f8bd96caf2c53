import type { Fault } from "./model-checker.ts";

/** Something that is proved about the contracts. */
export interface Property {
  /** What holds. */
  claim: string;
  /** Path of the proof below the project's folder. */
  proof: string;
  /** A fault that the very same proof has to find: otherwise it would prove nothing. */
  fault: Fault;
}

const LIMITS = "contracts/src/account/Limits.sol";

export const PROPERTIES: Property[] = [
  {
    claim: "limits: the units taken stand for no less than the amount spent",
    proof: "contracts/smt/limits/RoundingProof.sol",
    fault: { file: LIMITS, find: "return (amount * whole + limit - 1) / limit;", replace: "return 0;" },
  },
  {
    claim:
      "limits: the units taken in any four periods in a row, and so in any 24 hours, are at most the whole",
    proof: "contracts/smt/limits/AccountingProof.sol",
    fault: {
      file: LIMITS,
      find: "if (period == last + 3) return (period, 0, 0, 0, spent0);",
      replace: "",
    },
  },
  {
    claim: "limits: what was spent counts for 24 hours, and no more after 32",
    proof: "contracts/smt/limits/PeriodProof.sol",
    fault: {
      file: LIMITS,
      find: "PERIOD = 8 hours",
      replace: "PERIOD = 9 hours",
    },
  },
  {
    claim: "limits: a clock that goes back frees nothing",
    proof: "contracts/smt/limits/ClockProof.sol",
    fault: { file: LIMITS, find: "if (period <= last)", replace: "if (period == last)" },
  },
];
