import { decodeQRBatch } from "qr/decode.js";
import { WalletError } from "#core/errors/wallet-error.ts";

/** Larger files are not opened; in bytes. */
const MOST_BYTES = 30_000_000;
/** Larger pictures are made smaller before they are searched; in pixels. */
const MOST_SIDE = 3000;
/** How a picture is looked at until a code is found in it: as it is, larger, smaller, turned (in radians). */
const LOOKS = [
  { scale: 1, turn: 0 },
  { scale: 1.4, turn: 0 },
  { scale: 0.7, turn: 0 },
  { scale: 1, turn: 0.5 },
] as const;

const unreadable = (cause?: unknown) =>
  new WalletError(
    "picture-unreadable",
    "This is no picture that can be opened.",
    "Use a PNG or a JPEG, such as a screenshot.",
    { cause },
  );

function opened(picture: Blob): Promise<ImageBitmap> {
  if (picture.size > MOST_BYTES) {
    throw new WalletError("picture-too-large", "This picture is too large.", "Use one below 30 MB.");
  }
  return createImageBitmap(picture).catch((cause: unknown) => {
    throw unreadable(cause);
  });
}

/** The picture's pixels, drawn so that it fits. What is transparent is white, as it is where people look at it. */
function pixelsOf(bitmap: ImageBitmap, { scale, turn }: (typeof LOOKS)[number]): ImageData {
  const size = Math.min(1, MOST_SIDE / Math.max(bitmap.width, bitmap.height)) * scale;
  const [cosine, sine] = [Math.cos(turn) * size, Math.sin(turn) * size];
  const width = Math.max(1, Math.round(bitmap.width * cosine + bitmap.height * sine));
  const height = Math.max(1, Math.round(bitmap.width * sine + bitmap.height * cosine));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (!context) throw unreadable();
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.setTransform(cosine, sine, -sine, cosine, bitmap.height * sine, 0);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/**
 * The texts of all QR codes in a picture.
 * @throws WalletError when it cannot be opened, or there is none in it that can be read
 */
export async function textsInPicture(picture: Blob): Promise<string[]> {
  const bitmap = await opened(picture);
  try {
    for (const look of LOOKS) {
      const pixels = pixelsOf(bitmap, look);
      const maxSize = { width: pixels.width, height: pixels.height };
      // Without a limit of time: how often a code that is hard to read is tried has a limit of its own.
      const [found = []] = await decodeQRBatch([pixels], { maxSize, timeLimit: Infinity });
      const texts = found.filter((result) => typeof result === "string");
      if (texts.length > 0) return texts;
    }
  } finally {
    bitmap.close();
  }
  throw new WalletError(
    "picture-without-code",
    "No QR code in this picture can be read.",
    "Take it again: sharp, upright, straight from the front, and with the code's white border.",
  );
}
