import { tell } from "./notice.ts";

interface Refusal {
  error: { message: string };
}

/**
 * Presses something in the devnet. What goes wrong is told at the head of the page.
 *
 * @returns whether it worked
 */
export async function press(path: string, body: Record<string, unknown> = {}): Promise<boolean> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) return true;
    const refusal = (await response.json()) as Refusal; // The control API's one shape for failures.
    tell(refusal.error.message, "failure");
  } catch {
    tell("The devnet does not answer. Is it still running?", "failure");
  }
  return false;
}
