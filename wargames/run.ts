import type { Row } from "./course.ts";
import { play, Village } from "./play.ts";
import type { Scenario } from "./scenario.ts";
import { WargameWorld } from "./world/world.ts";

/**
 * Plays scenarios one after the other against one system.
 * @param onRow each row as it comes
 */
export async function playAll(
  scenarios: readonly Scenario[],
  onRow: (row: Row) => void = () => undefined,
): Promise<Row[]> {
  const world = await WargameWorld.start();
  const rows: Row[] = [];
  try {
    const village = await Village.found(world);
    for (const scenario of scenarios) {
      const row = await play(world, village, scenario);
      rows.push(row);
      onRow(row);
    }
    await village.dissolve();
  } finally {
    await world.stop();
  }
  return rows;
}

/** Whether a row is as it should be: as the explorer has it, and as the design promises. */
export const isGood = ({ explorerAgrees, broken }: Row): boolean => explorerAgrees && broken.length === 0;
