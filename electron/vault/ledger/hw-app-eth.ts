import type { TypedData } from "#core/operations/typed-data.ts";
import { type LedgerLibrary, plainMessage } from "./library.ts";
import { type Eth, loadEth } from "./packages.ts";

/** The library asks two services of Ledger's before every signature, unless it is told that there are none. */
const NO_SERVICES = {
  nftExplorerBaseURL: null,
  pluginBaseURL: null,
  cryptoassetsBaseURL: null,
  calServiceURL: null,
} as const;
const SCRAMBLE_KEY = "w0w";

/** Ledger's library `@ledgerhq/hw-app-eth`. */
export const hwAppEth: LedgerLibrary = async (transport) => {
  const Eth = await loadEth();
  const eth = new Eth(transport, SCRAMBLE_KEY, NO_SERVICES);
  return {
    address: async (path, show) => (await eth.getAddress(path, show)).address,
    signTypedData: (path, typedData) => eth.signEIP712Message(path, forLibrary(typedData)),
    end: () => Promise.resolve(),
  };
};

function forLibrary(typedData: TypedData): Parameters<Eth["signEIP712Message"]>[1] {
  const { domain, types, primaryType } = typedData;
  const { EIP712Domain = [], ...others } = types;
  const copy = (fields: TypedData["types"][string]) => fields.map((field) => ({ ...field }));
  return {
    domain,
    types: {
      EIP712Domain: copy(EIP712Domain),
      ...Object.fromEntries(Object.entries(others).map(([name, fields]) => [name, copy(fields)])),
    },
    primaryType,
    message: plainMessage(typedData),
  };
}
