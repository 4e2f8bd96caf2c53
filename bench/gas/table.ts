import { FLOW_NAMES, FLOWS, type Row } from "./flows.ts";

/** "1.12": how many times `base` a figure is. */
export const ratio = (value: number, base: number): string => (value / base).toFixed(2);

/** A figure with a space between its thousands. */
export const spaced = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, " ");

/**
 * A table as text: a line per flow, a column per account; behind each peer's figure how many times ours it is.
 *
 * @param ours the account all others are compared with, in the first column
 */
export function formatTable(rows: readonly Row[], ours: string): string {
  const accounts = [...new Set(rows.map(({ account }) => account))].sort(
    (a, b) => Number(b === ours) - Number(a === ours),
  );
  const find = (flow: string, account: string) =>
    rows.find((row) => row.flow === flow && row.account === account)?.totalGas;
  const cell = (flow: string, account: string): string => {
    const value = find(flow, account);
    if (value === undefined) return "-";
    const base = find(flow, ours);
    return account === ours || !base ? spaced(value) : `${spaced(value)} x${ratio(value, base)}`;
  };
  const lines = [
    ["", ...accounts],
    ...FLOW_NAMES.map((flow) => [flow, ...accounts.map((a) => cell(flow, a))]),
  ];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return [
    ...lines.map((line) => line.map(pad).join("  ").trimEnd()),
    "",
    ...FLOW_NAMES.map((flow) => `${flow.padEnd(widths[0] ?? 0)}  ${FLOWS[flow]}`),
  ].join("\n");
}
