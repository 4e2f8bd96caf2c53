import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { type AccountDescription, parseAccount } from "#core/security/explorer/account.ts";
import { explore } from "#core/security/explorer/configurations.ts";
import { overviewOf } from "#core/security/explorer/overview.ts";
import {
  type Remark,
  type SecurityReport,
  type SecurityStanding,
  zSecurityReport,
  zSecurityStanding,
} from "#core/wallet-api/security.ts";
import { tusd } from "./samples.ts";

/** A report as main makes it: by the explorer itself. */
export const aReport = (
  description: AccountDescription,
  remarks: readonly Remark[] = ["one-machine"],
): SecurityReport =>
  zSecurityReport.parse({ ...overviewOf(explore(parseAccount(description))), remarks: [...remarks] });

/** A standing of an account of so many dollars, all of them TUSD; of its ether the price is not known. */
export function aStanding(level: number | undefined, dollars: number): SecurityStanding {
  const cents = BigInt(dollars) * 100n;
  const ether = { address: NATIVE_TOKEN, symbol: "ETH", name: "Ether", decimals: 18 };
  return zSecurityStanding.parse({
    level,
    value: {
      cents,
      counted: [{ balance: { token: tusd, amount: cents * 10_000n }, cents }],
      notCounted: [{ token: ether, because: "stale" }],
    },
  });
}
