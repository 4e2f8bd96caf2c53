/** How a game went: what is compared between the explorer and the real system. */
export interface Course {
  /** Whether the attacker had the money in the end, were nobody to stop them. */
  readonly attackerGotFunds: boolean;
  /** How long that took on the chain's clock; null when it was not had. */
  readonly afterSeconds: number | null;
  /** Whether a watching owner, with what is left, keeps the attacker from the money. */
  readonly ownerCouldStop: boolean;
  /** Whether the owner, having stopped the attacker, still gets everything out with what is left. */
  readonly ownerCanExit: boolean;
  /** Whether an attacker who only vetoes keeps the owner from it for as long as they like. */
  readonly blocked: boolean;
}

/** A line of the report. */
export interface Row extends Omit<Course, "blocked"> {
  readonly scenario: string;
  /** Where the scenario is named. */
  readonly source: string;
  readonly explorerAgrees: boolean;
  /** The account that it was played with. */
  readonly configuration: string;
  readonly blocked: boolean;
  /** What happened, step by step, and by which refusals the attacker failed. */
  readonly how: readonly string[];
  /** What the explorer said instead, where it does not agree. */
  readonly explorerSays?: Course;
  /** What was promised and did not hold; none where all did. */
  readonly broken: readonly string[];
}
