import {
  ArrowDownLeft,
  ArrowUpRight,
  Hourglass,
  KeyRound,
  LifeBuoy,
  SlidersHorizontal,
  Snowflake,
  SquareArrowOutUpRight,
} from "@lucide/vue";
import type { Component } from "vue";
import type { ActivityKind } from "#core/wallet-api/activity.ts";

/** The picture of each kind of activity. */
export const KIND_ICON: Readonly<Record<ActivityKind, Component>> = {
  "money-in": ArrowDownLeft,
  "money-out": ArrowUpRight,
  calls: SquareArrowOutUpRight,
  keys: KeyRound,
  settings: SlidersHorizontal,
  freeze: Snowflake,
  schedule: Hourglass,
  emergency: LifeBuoy,
};
