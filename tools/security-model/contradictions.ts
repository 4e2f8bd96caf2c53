/** Where the published tables say something else than their own numbers, each to be shown by the explorer. */
import type { Method } from "#core/security/rules/things.ts";

export interface Contradiction {
  readonly methods: readonly Method[];
  /** What the published tables say. */
  readonly published: string;
  /** A set that takes all, or a set that they call a loss. */
  readonly set: readonly string[];
  readonly shows: "theft" | "no loss";
  readonly why: string;
}

export const CONTRADICTIONS: readonly Contradiction[] = [
  {
    methods: ["W"],
    published: "Level 1 with only a wallet does not list {D,C,E} among the theft sets.",
    set: ["D", "C", "E"],
    shows: "theft",
    why: '"All MFA methods and email" is true of no MFA methods.',
  },
  {
    methods: ["A", "S", "P"],
    published: "Level 3 does not list a device, credentials and one method.",
    set: ["D", "C", "A"],
    shows: "theft",
    why: "26.5 points without the credentials already change another method (25 are needed), and then the email.",
  },
  {
    methods: ["A", "S", "P", "W"],
    published: "Level 4 does not list credentials and wallet.",
    set: ["C", "W"],
    shows: "theft",
    why: "1 + 9 points are exactly the 10 that a login takes, and the wallet alone may sign.",
  },
  {
    methods: ["A", "S", "P", "W"],
    published: "Level 4 does not list a wallet and two MFA methods.",
    set: ["A", "S", "W"],
    shows: "theft",
    why: "29 points change the third method (27 are needed), which gives the email, and with it the password.",
  },
  {
    methods: ["A", "S", "P", "W"],
    published: "Level 4 lists losing the three MFA methods as locking the owner out.",
    set: ["A", "S", "P"],
    shows: "no loss",
    why: "The wallet signs alone; credentials and wallet suffice to log in.",
  },
];
