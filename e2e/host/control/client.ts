import { type HostCommand, type HostState, zHostState } from "./protocol.ts";

/** A test's end of the host's control channel. */
export interface HostControl {
  readonly state: () => Promise<HostState>;
  /** @throws Error when the host refuses the command */
  readonly command: (command: HostCommand) => Promise<void>;
}

/** @param url what the host printed after "Host control:" */
export function hostControl(url: string): HostControl {
  return {
    async state() {
      const response = await fetch(`${url}/state`);
      return zHostState.parse(await response.json());
    },
    async command(command) {
      const response = await fetch(`${url}/command`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(command),
      });
      if (!response.ok) throw new Error(`the host refused ${command.do}: ${await response.text()}`);
    },
  };
}
