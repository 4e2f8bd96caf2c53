import { type Change, changeRow } from "#core/operations/changes.ts";
import { changeConsequences } from "#core/operations/consequences.ts";
import { changeFields, type ShownIn } from "./change-fields.ts";
import { address, type Description, NOTHING_CHANGES } from "./description.ts";

/** What the confirm window says about a change of the account. */
export function describeChange(change: Change, shownIn: ShownIn): Description {
  return {
    title: changeRow(change.kind).texts.change(change),
    fields: [...changeFields(change, shownIn), address("Account", change.account)],
    otherwise: NOTHING_CHANGES,
    ...changeConsequences(change),
  };
}
