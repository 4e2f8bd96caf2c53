import { decodeQR } from "qr/decode.js";
import { WalletError } from "#core/errors/wallet-error.ts";

const OR_PICTURE = "or choose a picture of the code.";

/** Why there is no picture, by the name of the browser's error. */
function problemOf(cause: unknown): WalletError {
  switch (cause instanceof Error ? cause.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return new WalletError(
        "camera-refused",
        "The camera may not be used here.",
        `Allow it in your system's settings, under privacy, then try again; ${OR_PICTURE}`,
        { cause },
      );
    case "NotReadableError":
    case "AbortError":
      return new WalletError(
        "camera-busy",
        "The camera does not answer. Another program may be using it.",
        `Close that program and try again, ${OR_PICTURE}`,
        { cause },
      );
    default:
      return new WalletError(
        "no-camera",
        "No camera was found.",
        `Connect one and try again, ${OR_PICTURE}`,
        {
          cause,
        },
      );
  }
}

/**
 * Switches the camera on: the picture only, never the sound. Whoever gets it has to stop it.
 * @param deviceId one of several; else the one that looks away from the person, where there is one
 * @throws WalletError why it cannot be had
 */
export async function openCamera(deviceId: string | undefined): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        width: { ideal: 1920 },
        height: { ideal: 1080 },
        ...(deviceId === undefined ? { facingMode: "environment" } : { deviceId: { exact: deviceId } }),
      },
    });
  } catch (cause) {
    throw problemOf(cause);
  }
}

export function stopCamera(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** The cameras to choose from; their names are known once one of them is on. */
export async function listCameras(): Promise<{ readonly id: string; readonly name: string }[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === "videoinput")
    .map(({ deviceId, label }, index) => ({ id: deviceId, name: label || `Camera ${index + 1}` }));
}

/** Looks for a QR code in what a video shows at this moment; gives its text. */
export function createLook(video: HTMLVideoElement): () => string | undefined {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return () => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!context || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || width === 0) return undefined;
    Object.assign(context.canvas, { width, height });
    context.drawImage(video, 0, 0);
    try {
      return decodeQR(context.getImageData(0, 0, width, height));
    } catch {
      // Nothing in this picture; the next one comes at once.
      return undefined;
    }
  };
}
