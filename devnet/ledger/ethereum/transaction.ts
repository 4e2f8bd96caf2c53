import { bytesToBigInt, getAddress, type Hex, hexToBytes, keccak256, toHex } from "viem";
import { ByteReader, incorrectData, StatusError, StatusWord } from "../apdu.ts";
import type { DerivedKey, Signature } from "../keys.ts";
import type { Field } from "../screens/page.ts";
import { blindSigningOff, type DeviceServices, signatureReply } from "./context.ts";
import { coinAmount, networkName } from "./networks.ts";
import { readPath } from "./path.ts";
import { type ParsedTransaction, TransactionParser, TYPE_BYTE } from "./transaction-parser.ts";

const MAINNET = 1n;
const UINT256_LIMIT = 1n << 256n;

const quantity = (bytes: Uint8Array | undefined): bigint =>
  bytes && bytes.length > 0 ? bytesToBigInt(bytes) : 0n;

function chainIdOf({ type, fields }: ParsedTransaction): bigint {
  return quantity(fields.get(type === "legacy" ? "v" : "chainId"));
}

/** The last byte of v: the parity of typed transactions, EIP-155 for legacy ones. */
function signatureV({ type, fields }: ParsedTransaction, { yParity }: Signature): number {
  if (type !== "legacy") return yParity;
  const chainId = fields.get("v") ?? new Uint8Array();
  if (chainId.length === 0) return 27 + yParity;
  // Of a chain id longer than four bytes the app takes the first four; hosts know and repair it.
  const high = Number(quantity(chainId.subarray(0, 4)));
  return high * 2 + 35 + yParity;
}

/** A transaction while it arrives. */
export class TransactionFlow {
  readonly #device: DeviceServices;
  readonly #path: readonly number[];
  readonly #parser: TransactionParser;
  /** What of the first command belongs to the transaction. */
  readonly first: Uint8Array;

  /** @param data of the first command: path, then the beginning of the transaction */
  constructor(data: Uint8Array, device: DeviceServices) {
    this.#device = device;
    const reader = new ByteReader(data);
    this.#path = readPath(reader);
    if (reader.remaining === 0) throw incorrectData("the transaction is missing");
    const rest = reader.rest();
    const typeByte = rest[0];
    const typed = typeByte !== undefined && typeByte <= 0x7f;
    const type = typed ? TYPE_BYTE.get(typeByte) : "legacy";
    if (!type) {
      throw new StatusError(StatusWord.transactionTypeUnknown, "the transaction type is not supported");
    }
    this.first = typed ? rest.subarray(1) : rest;
    this.#parser = new TransactionParser(type, typed ? typeByte : undefined, () => {
      if (!device.settings.blindSigning) throw blindSigningOff(device);
    });
  }

  /** Takes the next piece; the signature when it was the last, after the person approved. */
  async add(piece: Uint8Array): Promise<Uint8Array | undefined> {
    const transaction = this.#parser.add(piece);
    if (!transaction) return undefined;
    const key = this.#device.keys.derive(this.#path);
    const blind = (transaction.fields.get("data")?.length ?? 0) > 0;
    if (blind && !this.#device.settings.blindSigning) throw blindSigningOff(this.#device);
    const hash = keccak256(transaction.signed);
    const approved = await this.#device.review({
      kind: "transaction",
      title: "Review transaction",
      fields: this.#reviewFields(transaction, key, hash, blind),
      finish: this.#device.model.touch ? "Sign transaction?" : "Sign transaction",
      blind,
    });
    if (!approved) throw new StatusError(StatusWord.rejected, "the person rejected the transaction");
    const signature = key.sign(hexToBytes(hash));
    return signatureReply(signature, signatureV(transaction, signature));
  }

  #reviewFields(transaction: ParsedTransaction, { address }: DerivedKey, hash: Hex, blind: boolean): Field[] {
    const { fields } = transaction;
    const chainId = chainIdOf(transaction);
    const value = quantity(fields.get("value"));
    const to = fields.get("to") ?? new Uint8Array();
    const maxFees = quantity(fields.get("gasPrice")) * quantity(fields.get("gasLimit"));
    if (maxFees >= UINT256_LIMIT) throw incorrectData("the fees do not fit 256 bits");

    const review: Field[] = [{ label: "From", value: address }];
    if (!blind || value > 0n) review.push({ label: "Amount", value: coinAmount(value, chainId) });
    review.push({
      label: "To",
      value:
        to.length === 0
          ? "Contract"
          : getAddress(toHex(Buffer.concat([to, Buffer.alloc(20)]).subarray(0, 20))),
    });
    review.push({ label: "Max fees", value: coinAmount(maxFees, chainId) });
    if (chainId !== MAINNET) {
      review.push({ label: "Network", value: networkName(chainId) ?? chainId.toString() });
    }
    if (blind) review.push({ label: this.#device.model.touch ? "Transaction hash" : "Tx hash", value: hash });
    return review;
  }
}
