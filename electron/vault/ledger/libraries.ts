import type { LedgerLibraryName } from "#core/config/network.ts";
import { deviceManagementKit } from "./device-management-kit.ts";
import { hwAppEth } from "./hw-app-eth.ts";
import type { LedgerLibrary } from "./library.ts";

/** Ledger's libraries by the names that the configuration gives them; nothing is loaded before it is used. */
export const LIBRARIES: Record<LedgerLibraryName, () => LedgerLibrary> = {
  "hw-app-eth": () => hwAppEth,
  "device-management-kit": deviceManagementKit,
};
