import type { SoftwareLedger } from "../device.ts";
import type { Field } from "../screens/page.ts";

/** The account path 44'/60'/0'/0/0, as it stands in commands. */
export const PATH = "058000002c8000003c800000000000000000000000";

const byte = (value: number): string => value.toString(16).padStart(2, "0");
const text = (value: string): string => Buffer.from(value).toString("hex");
/** Prefixes data with its one-byte length. */
const lv = (data: string): string => byte(data.length / 2) + data;

/** A command: class, instruction, P1 and P2 as eight digits, and its data. */
export const command = (head: string, data = ""): string => head + lv(data);

export const beginStruct = (name: string): string => command("e01a0000", text(name));
/** @param type the type byte and what belongs to it, in hexadecimal */
export const addField = (type: string, name: string): string => command("e01a00ff", type + lv(text(name)));
/** The type of a field that is a struct. */
export const structType = (name: string, array = ""): string =>
  byte(array === "" ? 0x00 : 0x80) + lv(text(name)) + array;
export const root = (name: string): string => command("e01c0000", text(name));
export const arrayOf = (size: number): string => command("e01c000f", byte(size));
/** A value, or the first part of one whose length is given. */
export const value = (data: string, length = data.length / 2): string =>
  command(
    length === data.length / 2 ? "e01c00ff" : "e01c01ff",
    byte(length >> 8) + byte(length & 0xff) + data,
  );
export const signTyped = command("e00c0001", PATH);

export const UINT256 = "4220";
export const STRING = "05";

/** Sends commands one after the other; the replies in hexadecimal. */
export async function send(device: SoftwareLedger, ...commands: string[]): Promise<string[]> {
  const replies: string[] = [];
  for (const each of commands) {
    replies.push(Buffer.from(await device.apdu(Buffer.from(each, "hex"))).toString("hex"));
  }
  return replies;
}

/** Sends commands; the reply to the last, when all before were accepted. */
export async function sendAll(device: SoftwareLedger, ...commands: string[]): Promise<string> {
  const replies = await send(device, ...commands);
  const refused = replies.slice(0, -1).findIndex((reply) => reply !== "9000");
  if (refused >= 0) throw new Error(`command ${refused} was refused: ${replies[refused] ?? ""}`);
  return replies.at(-1) ?? "";
}

/** Collects the fields that the device shows from now on. */
export function watchFields(device: SoftwareLedger): Field[] {
  const shown: Field[] = [];
  device.on("page", ({ fields }) => shown.push(...fields));
  return shown;
}
