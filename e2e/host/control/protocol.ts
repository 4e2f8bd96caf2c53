import { z } from "zod";
import { POWER_EVENTS } from "../modules/power-monitor.ts";

/** What a test sees of the host beside the windows' pages. */
export const zHostState = z.object({
  windows: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      url: z.string(),
      visible: z.boolean(),
      focused: z.boolean(),
      width: z.number(),
      height: z.number(),
    }),
  ),
  /** Addresses handed to the system's browser. */
  opened: z.array(z.string()),
  notifications: z.array(z.object({ title: z.string(), body: z.string() })),
  clipboard: z.string(),
  /** The utility processes that run. */
  processes: z.array(z.object({ name: z.string(), pid: z.number() })),
});
export type HostState = z.output<typeof zHostState>;

/** What a test can make happen. */
export const zHostCommand = z.discriminatedUnion("do", [
  z.object({ do: z.literal("idle"), seconds: z.number().nonnegative().nullable() }),
  z.object({ do: z.literal("power"), event: z.enum(POWER_EVENTS) }),
  z.object({ do: z.literal("click-notification"), index: z.int().nonnegative() }),
  z.object({ do: z.literal("answer-dialog"), button: z.int().nonnegative() }),
  /** Somebody opens a link, as macOS tells it; elsewhere the app is started once more with it. */
  z.object({ do: z.literal("open-url"), url: z.string() }),
  /** The test's driver is attached to a page, which is a window's empty one as long as the window waits for that. */
  z.object({ do: z.literal("driver-attached"), emptyUrl: z.string() }),
  /** Where the next file is saved. */
  z.object({ do: z.literal("answer-save-dialog"), path: z.string().min(1) }),
]);
export type HostCommand = z.output<typeof zHostCommand>;
