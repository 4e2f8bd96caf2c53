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
const STAGES = "contracts/src/account/Stages.sol";

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
  {
    claim:
      "schedule: proposing and arming again start the whole delay, and what holds of an operation stays so",
    proof: "contracts/smt/schedule/InductionProof.sol",
    fault: { file: STAGES, find: "return time + delay;", replace: "return time + delay - 1;" },
  },
  {
    claim: "schedule: what was run or cancelled neither runs nor is armed again",
    proof: "contracts/smt/schedule/OverProof.sol",
    fault: { file: STAGES, find: "if (executableAt == 0) return Stage.Gone;", replace: "" },
  },
  {
    claim: "schedule: nothing runs before its delay is over",
    proof: "contracts/smt/schedule/DelayProof.sol",
    fault: {
      file: STAGES,
      find: "return time < executableAt ? Stage.Waiting : Stage.Due;",
      replace: "return Stage.Due;",
    },
  },
  {
    claim: "schedule: nothing runs more than 30 days after its delay",
    proof: "contracts/smt/schedule/WindowProof.sol",
    fault: { file: STAGES, find: "(slept ? sleptFrom : time) >", replace: "(slept ? sleptFrom : 0) >" },
  },
  {
    claim: "schedule: nothing runs in another epoch than that in which it was armed last",
    proof: "contracts/smt/schedule/EpochProof.sol",
    fault: { file: STAGES, find: "if (slept) return Stage.Asleep;", replace: "" },
  },
  {
    claim: "schedule: what lapsed neither runs nor is armed again",
    proof: "contracts/smt/schedule/LapseProof.sol",
    fault: { file: STAGES, find: "(slept ? sleptFrom : time) >", replace: "(slept ? 0 : time) >" },
  },
];
