import type { ChainRequest } from "#core/friends/contract-calls.ts";
import { type ContractSigners, contractSigners } from "#core/friends/contract-signers.ts";
import type { Address } from "#core/primitives/address.ts";
import type { ChainClient } from "./client.ts";

/** Questions about contracts to the configured chain; a chain that cannot be reached says so (WalletError). */
export const chainRequest =
  ({ read }: Pick<ChainClient, "read">): ChainRequest =>
  (request) =>
    // viem types parameters by the method; here both come as a pair that belongs together.
    read((client) => client.request(request as Parameters<typeof client.request>[0]));

/** Contracts that an account would ask whether they signed, asked in its name. */
export const signersAskedBy = (
  account: Address,
  chain: Pick<ChainClient, "config" | "read">,
): ContractSigners => contractSigners(account, chain.config.chain.name, chainRequest(chain));
