import { z } from "zod";
import { zAddress } from "../primitives/address.ts";

/** The address of a service: https, or plain http on this computer only. */
const zServiceUrl = z
  .string()
  .regex(
    /^(https:\/\/[^/\s]+|http:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?)(\/\S*)?$/,
    "must be https, or http on this computer",
  );

/**
 * What one unit costs in US dollars: a contract with the views of Chainlink's AggregatorV3Interface. It tells the
 * account's value on the screens and enters no decision on the chain.
 */
const zPriceFeed = z.strictObject({
  address: zAddress,
  /** An answer that is older than this is not used (seconds). */
  maxAgeSeconds: z.int().min(60).max(2_592_000),
});
export type PriceFeedConfig = z.output<typeof zPriceFeed>;

/** The kinds of key networks, by the adapter that speaks to them. */
export const KEY_NETWORK_ADAPTERS = ["local", "chipotle"] as const;
export type KeyNetworkAdapter = (typeof KEY_NETWORK_ADAPTERS)[number];

/** Ledger's libraries, either of which can speak to the Ethereum app (docs/ledger.md). */
export const LEDGER_LIBRARIES = ["hw-app-eth", "device-management-kit"] as const;
const zLedgerLibrary = z.enum(LEDGER_LIBRARIES);
export type LedgerLibraryName = z.output<typeof zLedgerLibrary>;
export const DEFAULT_LEDGER_LIBRARY: LedgerLibraryName = "hw-app-eth";

/** Nodes that hold a share of each key, and speak the protocol of the Lit client: four processes on the devnet. */
const zLocalKeyNetwork = z.strictObject({
  adapter: z.literal("local"),
  rpcUrl: zServiceUrl,
  staking: zAddress,
  nodes: z.array(z.strictObject({ index: z.int().positive(), url: zServiceUrl })).min(1),
});
export type LocalKeyNetworkConfig = z.output<typeof zLocalKeyNetwork>;

/**
 * Lit's live service (Chipotle): one enclave that holds whole keys. The usage key for it is a credential and is not
 * named here; it lies in a file of its own (docs/networks.md).
 */
const zChipotleKeyNetwork = z.strictObject({
  adapter: z.literal("chipotle"),
  /** Without the path of its endpoints. */
  url: zServiceUrl,
  /** The number of the group in which the gates may use the keys. */
  group: z.int().positive(),
});
export type ChipotleKeyNetworkConfig = z.output<typeof zChipotleKeyNetwork>;

/**
 * Everything a wallet needs to know about the world it talks to. The wallet makes no network call to an address that
 * is not named here. The devnet writes this file; for a live network a person writes it (docs/networks.md).
 */
export const zNetworkConfig = z.strictObject({
  name: z.string().min(1).max(60),
  kind: z.enum(["devnet", "live"]),
  chain: z.strictObject({
    id: z.int().positive(),
    name: z.string().min(1).max(60),
    rpcUrls: z.array(zServiceUrl).min(1),
    nativeSymbol: z.string().min(1).max(12),
    nativePriceFeed: zPriceFeed.optional(),
  }),
  contracts: z.strictObject({
    factory: zAddress,
    implementation: zAddress,
    factorRegistry: zAddress,
    gateRegistry: zAddress,
    /** What keeps scripts' keys to their calls; without it no key for a script is made. */
    scriptVerifier: zAddress.optional(),
    /** What checks a passkey's signatures; without it no passkey takes a key. */
    webAuthnVerifier: zAddress.optional(),
  }),
  tokens: z.array(
    z.strictObject({
      address: zAddress,
      symbol: z.string().min(1).max(12),
      decimals: z.int().min(0).max(36),
      name: z.string().min(1).max(60),
      priceFeed: zPriceFeed.optional(),
    }),
  ),
  /** Submits signed operations and pays their gas; it can refuse, but it cannot change anything. */
  relayUrl: zServiceUrl,
  keyNetwork: z.discriminatedUnion("adapter", [zLocalKeyNetwork, zChipotleKeyNetwork]),
  authenticator: z.strictObject({
    baseUrl: zServiceUrl,
    publicToken: z.string().min(1),
    projectId: z.string().min(1),
    issuer: z.string().min(1),
  }),
  ledger: z.discriminatedUnion("transport", [
    z.strictObject({ transport: z.literal("usb"), library: zLedgerLibrary.optional() }),
    z.strictObject({
      transport: z.literal("speculos"),
      url: zServiceUrl,
      /** Further Ledgers that are there at the same time. */
      others: z.array(zServiceUrl).max(7).optional(),
      library: zLedgerLibrary.optional(),
    }),
  ]),
  devnetPageUrl: zServiceUrl.optional(),
});

export type NetworkConfig = z.output<typeof zNetworkConfig>;

/** The same with nodes for the key network, as the devnet has it. */
export const zLocalNetworkConfig = zNetworkConfig.extend({ keyNetwork: zLocalKeyNetwork });
export type LocalNetworkConfig = z.output<typeof zLocalNetworkConfig>;
