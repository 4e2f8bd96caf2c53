import type { Role } from "#core/keys/role.ts";

/** The bow of each key on a 24 by 24 grid, with its hole: square, circle, triangle. */
export const KEY_BOW: Record<Role, string> = {
  device:
    "M9 1h6a3.5 3.5 0 0 1 3.5 3.5v6A3.5 3.5 0 0 1 15 14H9a3.5 3.5 0 0 1-3.5-3.5v-6A3.5 3.5 0 0 1 9 1zm3 3.2a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2z",
  mfa: "M12 .6a6.9 6.9 0 1 1 0 13.8A6.9 6.9 0 0 1 12 .6zm0 3.2a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2z",
  recovery:
    "M13.9 1.4l6.1 10A2.2 2.2 0 0 1 18.1 14.7H5.9A2.2 2.2 0 0 1 4 11.4l6.1-10a2.2 2.2 0 0 1 3.8 0zM12 6.2a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2z",
};

export const KEY_FILL: Record<Role, string> = {
  device: "fill-device",
  mfa: "fill-mfa",
  recovery: "fill-recovery",
};

export const KEY_TEXT: Record<Role, string> = {
  device: "text-device-text",
  mfa: "text-mfa-text",
  recovery: "text-recovery-text",
};

export const KEY_TINT: Record<Role, string> = {
  device: "bg-device-tint",
  mfa: "bg-mfa-tint",
  recovery: "bg-recovery-tint",
};
