/** The parties an account relies on besides its owner's things: what each could do alone, and what its end would mean. */
import type { Explored } from "./configurations.ts";
import { describePath } from "./paths.ts";
import { daysOf, type Reached, type Service, SERVICES, type Wait, waitsOf } from "./reach.ts";

export interface ServiceReport {
  readonly service: Service;
  /** Days after which the service alone has the money, were there no veto; 0: at once; null: never. */
  readonly drainsAfterDays: number | null;
  /** How it would. */
  readonly steps: readonly string[];
  /** Whether the owner, with every thing, still gets at the money when the service is gone for good. */
  readonly ownerCanExit: boolean;
}

const waitsIn = (reached: Reached): Wait[] =>
  [...reached.values()].flatMap(({ step }) => (step.do === "operate" && step.wait ? [step.wait] : []));

/** What each service could do, and what happens without it. */
export function servicesOf({ explorer, sets }: Explored): ServiceReport[] {
  const { model, reach } = explorer;
  const waits = new Set(waitsOf(model));
  return SERVICES.map((service) => {
    const taken = reach({ holds: new Set(), waits, hostile: service });
    const drains = taken.has("money");
    return {
      service,
      drainsAfterDays: drains ? waitsIn(taken).reduce((sum, wait) => sum + daysOf(model, wait), 0) : null,
      steps: drains ? describePath(model, taken) : [],
      ownerCanExit: reach({ holds: new Set(sets.things), waits, gone: service }).has("money"),
    };
  });
}
