import { recoverAddress } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import { accountLink } from "#core/joining/account-text.ts";
import { deviceCode } from "#core/joining/device-code.ts";
import {
  codeOfRequest,
  joinRequestDigest,
  type JoinRequest,
  parseJoinRequest,
  type RequestProblem,
  type SignedJoinRequest,
} from "#core/joining/request.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { isComparisonCode } from "#core/primitives/comparison-code.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { Device, OpenedRequest } from "#core/wallet-api/devices.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { readKeyStanding } from "../chain/key-standing.ts";
import { ownDeviceKey, type Profile } from "../profile.ts";
import { readContractState } from "../security/contract-state.ts";
import type { JsonFile } from "../storage/json-file.ts";
import { type DeviceNames, MOST_NAMES, NO_NAMES } from "./names.ts";

export interface DevicesOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly profile: { readonly get: () => Promise<Profile> };
  readonly names: JsonFile<DeviceNames>;
  /** Device keys on the account that are no computer's: those of scripts have a screen of their own. */
  readonly scripts: () => Promise<Pick<ReadonlySet<KeyId>, "has">>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The account's computers. */
export interface Devices {
  readonly list: () => Promise<{ devices: Device[]; accountLink: string }>;
  /**
   * Opens a joining request that somebody brought.
   * @throws WalletError that says what is wrong with it
   */
  readonly open: (text: string) => Promise<OpenedRequest>;
  /**
   * Compares what the person read on the new computer with the request that was opened here.
   * @throws WalletError "code-differs"
   */
  readonly compare: (id: KeyId, code: string) => Promise<OpenedRequest>;
}

const PROBLEM: Record<RequestProblem, readonly [message: string, whatToDo: string]> = {
  "not-a-request": [
    "This is no joining request, or a part of it is missing.",
    "Copy the whole text from the new computer, or open the file that it saved.",
  ],
  version: [
    "This joining request was made by another version of Trivet.",
    "Install the same version on both computers, and make a new request.",
  ],
};

const badRequest = (code: string, message: string, whatToDo: string) =>
  new WalletError(code, message, whatToDo);

const codeDiffers = () =>
  new WalletError(
    "code-differs",
    "That is not the code of this request.",
    "Look again at the new computer's screen. If you typed what stands there, somebody exchanged the request on its way: do not add it. Show this computer a new one, and not by the same way.",
  );

const notOpened = () =>
  new WalletError("request-not-opened", "This request is not open any more.", "Open it again.");

export function createDevices(options: DevicesOptions): Devices {
  const { chain, reader, profile, names, now } = options;
  const { id: chainId, name: chainName } = chain.config.chain;
  const opened = new Map<KeyId, JoinRequest>();

  async function account() {
    const { account: found, keys } = await profile.get();
    if (!found) throw new Error("the account is not complete");
    return { ...found, own: ownDeviceKey(keys) };
  }

  const idOf = ({ device }: JoinRequest) => keyId(keyOfAddress(device));

  const viewOf = (request: JoinRequest): OpenedRequest => ({
    name: request.name,
    signer: request.device,
    id: idOf(request),
    until: request.until * 1000,
  });

  /** Goes through everything that can be wrong with a request that came from outside. */
  async function check({ request, signature }: SignedJoinRequest): Promise<void> {
    const { address } = await account();
    if (request.chainId !== chainId) {
      throw badRequest(
        "wrong-network",
        `This request is for chain ${request.chainId}, and your account is on ${chainName} (${chainId}).`,
        "Start Trivet with the same network on both computers.",
      );
    }
    if (!sameAddress(request.account, address)) {
      throw badRequest(
        "other-account",
        "This request is for another account than yours.",
        "On the new computer, begin with this account's address.",
      );
    }
    const hash = joinRequestDigest(request, chain.config.contracts.implementation);
    const signer = await recoverAddress({ hash, signature }).catch(() => undefined);
    if (!signer || !sameAddress(signer, request.device)) {
      throw badRequest(
        "request-not-signed",
        "This request is not signed by the key that it is about: it was changed on its way, or made by somebody else.",
        "Make a new one on the new computer. Do not use this one.",
      );
    }
    if (request.until * 1000 <= now()) {
      throw badRequest(
        "request-expired",
        "This request is too old.",
        "Open Trivet on the new computer: it shows a new one. If it is new, look at both computers' clocks.",
      );
    }
    const id = idOf(request);
    const known = (await reader.isDeployed(address)) ? await reader.roleOfKey(address, id) : undefined;
    if (known) {
      throw badRequest(
        "device-known",
        "The account has this computer's key already.",
        "See the list of computers: one that is pending can be activated there.",
      );
    }
  }

  return {
    async list() {
      const { own, ...found } = await account();
      const { address } = found;
      const [contract, deployed, kept, scripts] = await Promise.all([
        readContractState(chain, found),
        reader.isDeployed(address),
        names.read(),
        options.scripts(),
      ]);
      const ownId = own && keyId(own.key);
      const ids = contract.keys.filter(({ role, id }) => role === "device" && !scripts.has(id));
      const devices = await Promise.all(
        ids.map(async ({ id }): Promise<Device> => {
          const standing = deployed ? await readKeyStanding(chain, address, id) : undefined;
          const known = (kept ?? NO_NAMES).computers.find((one) => one.id === id);
          // The chain's clock is not this computer's: what is shown runs by the latter.
          const at = (time: number) => now() + (time - (standing?.time ?? time)) * 1000;
          const state = standing?.state ?? "active";
          return {
            id,
            own: id === ownId,
            ...(known && { name: known.name, signer: known.signer }),
            state,
            ...(standing && state === "pending" && { until: at(standing.activeFrom) }),
            ...(standing && standing.expires > 0 && { expires: at(standing.expires) }),
            vetoProof: standing?.vetoProof ?? false,
            code: deviceCode({ chainId, account: address, key: id }),
          };
        }),
      );
      const rank = ({ own: isOwn, state }: Device) => (isOwn ? 0 : state === "active" ? 2 : 1);
      return {
        devices: devices.sort((a, b) => rank(a) - rank(b)),
        accountLink: accountLink(address, chainId),
      };
    },
    async open(text) {
      const parsed = parseJoinRequest(text);
      if ("problem" in parsed) {
        const [message, whatToDo] = PROBLEM[parsed.problem];
        throw new WalletError(parsed.problem, message, whatToDo);
      }
      await check(parsed.signed);
      const { request } = parsed.signed;
      opened.set(idOf(request), request);
      return viewOf(request);
    },
    async compare(id, code) {
      const request = opened.get(id);
      if (!request) throw notOpened();
      if (!isComparisonCode(code, codeOfRequest(request))) throw codeDiffers();
      const { computers } = (await names.read()) ?? NO_NAMES;
      const others = computers.filter((one) => one.id !== id);
      const { device: signer, name } = request;
      await names.write({
        version: 1,
        computers: [{ id, signer, name }, ...others].slice(0, MOST_NAMES),
      });
      return viewOf(request);
    },
  };
}
