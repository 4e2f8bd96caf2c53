import { encodeQR } from "qr";

/** The modules of a QR code, row by row, true where dark, with the quiet zone around it. */
export const qrRows = (text: string): boolean[][] => encodeQR(text, "raw", { ecc: "medium", border: 4 });
