let ready = false;

/** Whether the app emitted `ready`; some of Electron's functions work only before, most only after. */
export const isReady = (): boolean => ready;

export function becomeReady(): void {
  ready = true;
}
