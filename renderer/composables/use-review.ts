import { onMounted, type ShallowRef, shallowRef } from "vue";
import { useRouter } from "vue-router";
import type { Role } from "#core/keys/role.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import { type Action, useAction } from "./use-action.ts";
import { useWays, type Ways } from "./use-ways.ts";

/** Something that is looked at before anybody signs it. */
export interface Review<Reviewed> extends Ways {
  readonly review: ShallowRef<Reviewed | undefined>;
  readonly looking: Action<[]>;
  readonly starting: Action<[]>;
}

/**
 * The review of an operation: asks at once what it would be and who can sign it, and once the person chose who shall,
 * starts it and leads to its own screen.
 * @param unavailable why a way cannot be chosen now
 */
export function useReview<Reviewed extends { readonly ways: readonly ChangeWay[] }>(
  look: () => Promise<Reviewed>,
  start: (signedBy: Role[]) => Promise<OperationView>,
  unavailable?: (way: ChangeWay) => string | undefined,
): Review<Reviewed> {
  const router = useRouter();
  const review = shallowRef<Reviewed>();
  const looking = useAction(async () => {
    review.value = await look();
  });
  onMounted(() => looking.run());
  const ways = useWays(() => review.value?.ways, unavailable);
  const starting = useAction(async () => {
    if (!ways.choice.value) return;
    const { id } = await start(ways.signedBy.value);
    await router.replace({ name: "operation", params: { id } });
  });
  return { review, looking, starting, ...ways };
}
