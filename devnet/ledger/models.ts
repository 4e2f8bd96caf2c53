import { z } from "zod";

/** The models this software Ledger can be. */
export const MODEL_IDS = ["nanosp", "flex"] as const;
export const zModelId = z.enum(MODEL_IDS);
export type ModelId = z.output<typeof zModelId>;

export interface Model {
  readonly id: ModelId;
  readonly name: string;
  /** Touch screen, or two buttons. The Ethereum app behaves differently on the two families. */
  readonly touch: boolean;
  /** Runs on when it is unplugged. */
  readonly battery: boolean;
  /** Screen size in pixels, for the positions that Speculos' API works with. */
  readonly screen: { readonly width: number; readonly height: number };
  /** Version of the operating system. */
  readonly os: string;
}

export const MODELS: Record<ModelId, Model> = {
  nanosp: {
    id: "nanosp",
    name: "Ledger Nano S Plus",
    touch: false,
    battery: false,
    screen: { width: 128, height: 64 },
    os: "1.5.1",
  },
  flex: {
    id: "flex",
    name: "Ledger Flex",
    touch: true,
    battery: true,
    screen: { width: 480, height: 600 },
    os: "1.5.1",
  },
};
