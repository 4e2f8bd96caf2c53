/** Something a tool reports as not covered although it is. */
export interface Exception {
  /** The source file, from the project's folder. */
  readonly file: string;
  /** The line itself, without its indentation: a line that is changed has to be judged again. */
  readonly line: string;
  readonly kind: "line" | "branch";
  /** Why the report is wrong, and what shows that the code is tested. */
  readonly why: string;
}

const ASSEMBLY = "forge attributes nothing inside assembly when it compiles through the IR. ";
const ELSE =
  "forge counts the way into a block after else as never taken when it compiles through the IR, " +
  "although it counts the lines of that block. ";

/** All there are. One that no longer applies fails the task, so that the list never grows stale. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    file: "contracts/src/account/ReadableAmount.sol",
    line: "if staticcall(GAS, token, 0x00, 0x04, answer, 0x60) {",
    kind: "branch",
    why:
      ASSEMBLY +
      "Both ways are tested: tokens that " +
      "answer, and RevertingSymbolToken, in ReadableAmount.t.sol and TrivetAccount.withdraw.t.sol.",
  },
  {
    file: "contracts/src/account/Delegation.sol",
    line: "if iszero(done) {",
    kind: "branch",
    why:
      ASSEMBLY +
      "Both ways are tested: everything of AccountChanges and AccountViews goes this way, refusals included.",
  },
  {
    file: "contracts/src/AccountChanges.sol",
    line: "if (_isScheduledRun(signatures)) {",
    kind: "branch",
    why: ELSE + "AccountChanges.schedule.t.sol comes with signatures and without.",
  },
  {
    file: "contracts/src/TrivetAccount.sol",
    line: "if (_isScheduledRun(signatures)) {",
    kind: "branch",
    why: ELSE + "TrivetAccount.schedule.t.sol comes with signatures and without.",
  },
  {
    file: "contracts/src/account/Transfers.sol",
    line: "if (asset.standard == 0) {",
    kind: "branch",
    why: ELSE + "The migrations in AccountChanges.migrate.t.sol take assets of all three standards.",
  },
  {
    file: "contracts/src/account/Transfers.sol",
    line: "} else if (asset.standard == 1) {",
    kind: "branch",
    why: ELSE + "See above.",
  },
  {
    file: "contracts/src/account/Transfers.sol",
    line: "} else if (asset.standard == 2) {",
    kind: "branch",
    why: ELSE + "A standard that is none is refused in the same tests.",
  },
];
