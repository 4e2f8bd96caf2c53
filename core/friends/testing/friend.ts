import { privateKeyToAccount } from "viem/accounts";
import { type Key, keyOfAddress } from "../../keys/key.ts";
import type { Operation } from "../../operations/operation.ts";
import type { SignerKind } from "../../operations/signatures.ts";
import { type TypedData, typedDataDigest } from "../../operations/typed-data.ts";
import { type Address, toAddress } from "../../primitives/address.ts";
import { type Digest, type Hex, NO_SALT } from "../../primitives/hex.ts";
import { answering, type Asking } from "../answering.ts";
import type {
  Acceptance,
  Check,
  Invitation,
  Letter,
  Presence,
  SignatureRequest,
  SignedAnswer,
} from "../letters.ts";
import { requestTypedData } from "../messages.ts";

/** A wallet that is a contract, and what it takes as its signature of a digest. */
export interface ContractWalletInTest {
  readonly address: Address;
  readonly sign: (digest: Digest) => Hex | Promise<Hex>;
}

const ofPrivateKey = (privateKey: Hex): ContractWalletInTest => {
  const account = privateKeyToAccount(privateKey);
  return { address: toAddress(account.address), sign: (hash) => account.sign({ hash }) };
};

/** A friend with a key or a contract of their own, who answers letters as any EIP-712 wallet would; for tests. */
export class TestFriend {
  readonly key: Key & { readonly signer: Address };
  readonly #sign: ContractWalletInTest["sign"];
  readonly #by: SignerKind;

  /** @param wallet a private key, or a contract */
  constructor(wallet: Hex | ContractWalletInTest, salt: Hex = NO_SALT) {
    this.#by = typeof wallet === "string" ? "plain" : "contract";
    const { address, sign } = typeof wallet === "string" ? ofPrivateKey(wallet) : wallet;
    this.#sign = sign;
    this.key = { ...keyOfAddress(address, salt), signer: address };
  }

  async sign(typedData: TypedData): Promise<Hex> {
    return this.#sign(typedDataDigest(typedData));
  }

  accept(invitation: Invitation): Promise<Acceptance> {
    return this.#answer(invitation, "acceptance");
  }

  answer(request: SignatureRequest): Promise<SignedAnswer> {
    return this.#answer(request, "signature");
  }

  present(check: Check): Promise<Presence> {
    return this.#answer(check, "presence");
  }

  signOperation(operation: Operation, domain: SignatureRequest["domain"]): Promise<Hex> {
    return this.sign(requestTypedData(operation, domain));
  }

  async #answer<K extends Letter["kind"]>(letter: Asking, kind: K): Promise<Extract<Letter, { kind: K }>> {
    const { typedData, answer } = answering(letter, this.key);
    const answered: Letter = answer(await this.sign(typedData), this.#by);
    if (answered.kind !== kind) throw new Error(`a ${letter.kind} is not answered by a ${kind}`);
    // The kind was just compared; TypeScript does not narrow a union by a generic.
    return answered as Extract<Letter, { kind: K }>;
  }
}
