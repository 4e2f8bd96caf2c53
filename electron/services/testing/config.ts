import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import type { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import type { LedgerServer } from "#devnet/ledger/http/server.ts";
import type { TestChain } from "#devnet/testing/devnet-chain.ts";
import type { RealNetwork } from "./real-network.ts";

/** What a test's apps are configured with: where its chain, authenticator, key network and Ledger are. */
export function configOf(parts: {
  readonly chain: TestChain;
  readonly authenticator: AuthenticatorHarness;
  readonly network: RealNetwork | undefined;
  readonly ledgerServer: LedgerServer;
}): NetworkConfig {
  const { contracts, clients } = parts.chain;
  const rpcUrl = clients.reader.transport.url ?? "";
  const { identity, url } = parts.authenticator.running;
  return zNetworkConfig.parse({
    name: "Test",
    kind: "devnet",
    chain: { id: clients.reader.chain.id, name: "Test chain", rpcUrls: [rpcUrl], nativeSymbol: "ETH" },
    contracts: {
      factory: contracts.factory,
      implementation: contracts.implementation,
      factorRegistry: contracts.factorRegistry,
      gateRegistry: contracts.gateRegistry,
      scriptVerifier: contracts.scriptVerifier,
      webAuthnVerifier: contracts.webAuthnVerifier,
    },
    tokens: [{ address: contracts.tusd, symbol: "TUSD", decimals: 6, name: "Trivet Dollar" }],
    relayUrl: rpcUrl,
    keyNetwork: {
      adapter: "local",
      rpcUrl,
      staking: contracts.staking,
      nodes: parts.network?.nodes ?? [{ index: 1, url: rpcUrl }],
    },
    authenticator: {
      baseUrl: url,
      publicToken: identity.publicToken,
      projectId: identity.projectId,
      issuer: identity.issuer,
    },
    ledger: { transport: "speculos", url: parts.ledgerServer.url },
  });
}
