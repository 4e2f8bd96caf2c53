import { type Change, changeRow } from "#core/operations/changes.ts";
import { changeConsequences, scriptsKeyTitle, type Timing } from "#core/operations/consequences.ts";
import { durationText } from "#core/primitives/duration-text.ts";
import { changeFields, type ShownIn } from "./change-fields.ts";
import { address, type Description, NOTHING_CHANGES } from "./description.ts";

/** What the confirm window says about a change of the account. */
export function describeChange(change: Change, shownIn: ShownIn, { effect, seconds }: Timing): Description {
  const { then, cannot } = changeConsequences(change, effect, shownIn.scriptVerifier);
  return {
    title: scriptsKeyTitle(change, shownIn.scriptVerifier) ?? changeRow(change.kind).texts.change(change),
    fields: [...changeFields(change, shownIn), address("Account", change.account)],
    otherwise: NOTHING_CHANGES,
    then: effect === "now" || seconds === undefined ? then : `${then} The delay is ${durationText(seconds)}.`,
    cannot,
  };
}
