import type { Page } from "playwright-core";
import type { Still } from "#e2e/support/camera-film.ts";
import { qrRows } from "../components/qr-rows.ts";

export interface View {
  readonly width: number;
  readonly height: number;
  /** How many pixels a module of the code has. */
  readonly scale: number;
  /** How far the code is turned, in radians. */
  readonly turn?: number;
  /** How far dark and light are from the middle, of 128. */
  readonly contrast?: number;
  /** How many pixels a point is smeared over. */
  readonly blur?: number;
  /** How far a pixel may be off, of 255. */
  readonly noise?: number;
  /** Of the noise: gives numbers from 0 to 1. */
  readonly random?: () => number;
}

/** How finely a pixel is looked at, to each side. */
const SAMPLES = 3;
const SURROUNDINGS = 120;

/** A photo of the QR code that the app shows for a text: turned, scaled, pale, out of focus and grainy. */
export function photograph(text: string, view: View): Still {
  const { width, height, scale, turn = 0, contrast = 110, blur = 1, noise = 0, random = () => 0.5 } = view;
  const rows = qrRows(text);
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const brightness = (x: number, y: number): number => {
    const [fromX, fromY] = [x - width / 2, y - height / 2];
    const column = Math.floor((fromX * cosine + fromY * sine) / scale + rows.length / 2);
    const row = Math.floor((fromY * cosine - fromX * sine) / scale + rows.length / 2);
    const dark = rows[row]?.[column];
    if (dark === undefined) return SURROUNDINGS;
    return dark ? 128 - contrast : 128 + contrast;
  };
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const offX = (((sample % SAMPLES) + 0.5) / SAMPLES - 0.5) * blur + 0.5;
        const offY = ((Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - 0.5) * blur + 0.5;
        sum += brightness(x + offX, y + offY);
      }
      const grain = (random() - 0.5) * 2 * noise;
      pixels[y * width + x] = Math.max(0, Math.min(255, Math.round(sum / SAMPLES ** 2 + grain)));
    }
  }
  return { width, height, pixels };
}

/** The same as RGBA, as canvases have it. */
export function rgbaOf({ width, height, pixels }: Still): {
  width: number;
  height: number;
  data: Uint8ClampedArray;
} {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  pixels.forEach((value, index) => data.fill(value, index * 4, index * 4 + 3));
  return { width, height, data };
}

/** A picture of QR codes as a person has it, one or several in one: a JPEG, made by a page's canvas. */
export async function jpegOf(page: Page, texts: readonly string[], { turn = 0.04, quality = 0.6 } = {}) {
  const base64 = await page.evaluate(
    async ({ codes, angle, compression }) => {
      const width = 640;
      const shown = 450;
      const canvas = new OffscreenCanvas(width * Math.max(1, codes.length), width);
      const context = canvas.getContext("2d");
      if (!context) throw new Error("there is no canvas");
      context.fillStyle = "#d8d0c0";
      context.fillRect(0, 0, canvas.width, canvas.height);
      codes.forEach((rows, index) => {
        // A pixel for a module, then larger: drawn one by one, the modules would have seams between them.
        const side = rows.length;
        const modules = new ImageData(side, side);
        new Uint32Array(modules.data.buffer).set(
          rows.flat().map((dark) => (dark ? 0xff_28_20_20 : 0xff_f0_f4_f4)),
        );
        const code = new OffscreenCanvas(side, side);
        code.getContext("2d")?.putImageData(modules, 0, 0);
        context.setTransform(1, 0, -0.02, 1, (index + 0.5) * width, width / 2);
        context.rotate(angle);
        context.imageSmoothingEnabled = false;
        context.drawImage(code, -shown / 2, -shown / 2, shown, shown);
      });
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: compression });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    },
    { codes: texts.map(qrRows), angle: turn, compression: quality },
  );
  return { name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") };
}
