const SHOWN_MS = 6_000;

let hiding: ReturnType<typeof setTimeout> | undefined;

/** Says something at the head of the page for a few seconds; screen readers read it out. */
export function tell(message: string, kind: "done" | "failure" = "done"): void {
  const notice = document.getElementById("notice");
  if (notice === null) return;
  clearTimeout(hiding);
  notice.textContent = message;
  notice.dataset.kind = kind;
  hiding = setTimeout(() => notice.replaceChildren(), SHOWN_MS);
}
