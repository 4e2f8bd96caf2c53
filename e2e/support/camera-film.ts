import { writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";

/** What a camera sees at one moment: a byte of brightness for each pixel, row by row. */
export interface Still {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** How many pictures a second. */
const RATE = 5;

/**
 * Writes what Chromium's stand-in for a camera shows, over and over: `--use-fake-device-for-media-stream` and
 * `--use-file-for-fake-video-capture=FILE`. The format is YUV4MPEG2, in grey.
 * @param stills all of one size, with even sides
 * @param seconds how long each of them is shown
 */
export async function writeFilm(file: string, stills: readonly Still[], seconds = 1): Promise<void> {
  const [first] = stills;
  if (!first) throw new Error("a film needs a picture");
  const { width, height } = first;
  const grey = Buffer.alloc((width * height) / 2, 128);
  const frames = stills.flatMap(({ pixels }) =>
    Array.from({ length: RATE * seconds }, () => [Buffer.from("FRAME\n"), pixels, grey]).flat(),
  );
  await writeFile(
    file,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F${RATE}:1 C420jpeg\n`), ...frames]),
  );
}

/** What a camera sees that is held in front of a screenshot. */
export async function filmed(page: Page, screenshot: Buffer): Promise<Still> {
  const size = { width: 1280, height: 720 };
  const grey = await page.evaluate(
    async ({ png, width, height }) => {
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(width, height).getContext("2d");
      if (!context) throw new Error("there is no canvas");
      context.fillStyle = "#777";
      context.fillRect(0, 0, width, height);
      const side = height * 0.9;
      context.setTransform(1, 0.03, -0.04, 1, (width - side) / 2, (height - side) / 2 - 10);
      context.drawImage(bitmap, 0, 0, side, side);
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, index) =>
        String.fromCharCode(data[index * 4] ?? 0),
      ).join("");
    },
    { png: screenshot.toString("base64"), ...size },
  );
  return { ...size, pixels: Buffer.from(grey, "latin1") };
}
