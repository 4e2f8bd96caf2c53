import { ROLE_TEXT } from "../keys/role.ts";
import { formatAmount } from "../primitives/amount.ts";
import type { ActivityItem } from "../wallet-api/activity.ts";

/** A spreadsheet takes such a cell for a formula, and texts here come from whoever made a token. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();

const decimal = ({ amount, token }: ActivityItem): string =>
  amount === undefined ? "" : formatAmount(amount, token?.decimals ?? 0);

const COLUMNS: readonly (readonly [string, (item: ActivityItem) => string])[] = [
  ["Time (UTC)", (item) => time(item.time)],
  ["Kind", ({ kind }) => kind],
  ["What", ({ sentence }) => sentence],
  ["Amount", decimal],
  ["Symbol", ({ token }) => token?.symbol ?? ""],
  ["Token", ({ token }) => token?.address ?? ""],
  ["Counterparty", ({ counterparty }) => counterparty ?? ""],
  ["Name", ({ name }) => name ?? ""],
  ["Outcome", ({ outcome }) => outcome ?? ""],
  ["Can run from (UTC)", ({ executableAt }) => (executableAt === undefined ? "" : time(executableAt))],
  ["Signed by", ({ signedBy }) => signedBy?.map((role) => ROLE_TEXT[role]).join(" and ") ?? ""],
  ["Block", ({ block }) => block.toString()],
  ["Transaction", ({ transaction }) => transaction ?? ""],
  ["Operation", ({ operation }) => operation ?? ""],
];

/** Items as CSV (RFC 4180), a line of headings first. No cell can be taken for a formula. */
export function activityCsv(items: readonly ActivityItem[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...items.map((item) => COLUMNS.map(([, of]) => of(item)))];
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** Items as JSON: amounts in the smallest unit as decimal digits, times as ISO 8601. */
export function activityJson(items: readonly ActivityItem[], account: string, chainId: number): string {
  const plain = items.map(({ time: seconds, amount, executableAt, ...item }) => ({
    time: time(seconds),
    ...item,
    ...(amount !== undefined && { amount: amount.toString() }),
    ...(executableAt !== undefined && { executableAt: time(executableAt) }),
  }));
  return `${JSON.stringify({ account, chainId, activity: plain }, null, 2)}\n`;
}
