import type { Device } from "#core/wallet-api/devices.ts";

/** What a computer is called on this one. */
export function deviceName({ own, name, state }: Pick<Device, "own" | "name" | "state">): string {
  if (own) return "This computer";
  const waits = state === "pending" || state === "asleep";
  return name ?? (waits ? "A new computer" : "Another computer");
}

/** How a computer's key stands, in a word or two. */
export const DEVICE_STATE: Record<Device["state"], string> = {
  active: "Active",
  pending: "Pending",
  asleep: "Asleep",
  expired: "Expired",
};

/** What that means. */
export function deviceMeaning({ own, state, vetoProof }: Device): string {
  switch (state) {
    case "active":
      return own
        ? "It signs what you do here."
        : "It signs with all the rights of a device key, and can remove this computer.";
    case "pending":
      return vetoProof
        ? "A recovery added it. It becomes active by itself, and no device key can reject it."
        : "A recovery asks for it. It becomes active by itself, unless you reject it here with this computer's key alone.";
    case "asleep":
      return "The account was frozen while it was pending. Only a device key can activate it now.";
    case "expired":
      return "Its time is over. It signs nothing any more.";
  }
}

/** What is left when a computer goes: said before anybody signs. */
export function afterRemoval(device: Device, all: readonly Device[]): string {
  const left = all.filter(({ id, state }) => id !== device.id && state === "active").length;
  if (left === 0)
    return "No active device key is left then: nothing works at once any more, and the recovery key must bring a computer in.";
  return left === 1
    ? "One active device key is left then, this computer's. If you lose that as well, the recovery key must bring a new computer in, after the recovery delay."
    : `${left} active device keys are left then.`;
}
