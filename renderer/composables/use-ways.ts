import { computed, type ComputedRef, type Ref, ref, watch } from "vue";
import type { Role } from "#core/keys/role.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";

/** A way as the screens offer it. */
export interface OfferedWay {
  readonly way: ChangeWay;
  readonly key: string;
  /** Why it cannot be chosen now. */
  readonly because: string | undefined;
}

export interface Ways {
  readonly ways: ComputedRef<readonly OfferedWay[]>;
  /** The key of the chosen way; the best that can be chosen, unless the person chooses another. */
  readonly chosen: Ref<string | undefined>;
  readonly choice: ComputedRef<ChangeWay | undefined>;
  /** Whose signatures the chosen way takes. */
  readonly signedBy: ComputedRef<Role[]>;
}

/** A role may need several keys; a way is known by its roles. */
const rolesOf = ({ signers }: ChangeWay): Role[] => [...new Set(signers.map(({ role }) => role))];

/** Which keys shall sign, where the account's rules leave a choice. */
export function useWays(
  given: () => readonly ChangeWay[] | undefined,
  unavailable: (way: ChangeWay) => string | undefined = () => undefined,
): Ways {
  const ways = computed(() =>
    (given() ?? []).map((way) => ({ way, key: rolesOf(way).join("+"), because: unavailable(way) })),
  );
  const chosen = ref<string>();
  watch(
    given,
    () => {
      chosen.value = ways.value.find(({ because }) => !because)?.key;
    },
    { immediate: true },
  );
  const choice = computed(() => ways.value.find(({ key }) => key === chosen.value)?.way);
  const signedBy = computed(() => (choice.value ? rolesOf(choice.value) : []));
  return { ways, chosen, choice, signedBy };
}
