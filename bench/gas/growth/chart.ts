import { spaced } from "../table.ts";
import { leastSquares, type Point } from "./least-squares.ts";

/** What one flow costs as something grows. */
export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
}

/** A picture's content. */
export interface Chart {
  readonly title: string;
  /** What grows, under the horizontal axis. */
  readonly grows: string;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 84, right: 24, top: 72, bottom: 56 };
/** Told apart with any colour vision, and legible on light and dark. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

const escaped = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const at = (value: number) => value.toFixed(1).replace(/\.0$/, "");

/** "+ 6 812 gas each": a line's slope in words. */
export function slopeText(points: readonly Point[]): string {
  const slope = Math.round(leastSquares(points).slope);
  if (slope === 0) return "no growth";
  return `${slope < 0 ? "\u2212" : "+"} ${spaced(Math.abs(slope))} gas each`;
}

/** A step of 1, 2 or 5 times a power of ten that cuts a range into at most `most` pieces. */
function stepOf(range: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(range / most));
  return ([1, 2, 5].find((factor) => range / (factor * power) <= most) ?? 10) * power;
}

/** Numbers from 0 to a round one that is not below `highest`. */
function ticks(highest: number, most: number, least = 0): number[] {
  const step = Math.max(stepOf(Math.max(highest, 1), most), least);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => index * step);
}

/** The picture: every measured point, the line through each series, and its slope. Same input, same text. */
export function drawChart({ title, grows, series }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const across = ticks(Math.max(...points.map(({ count }) => count)), 10, 1);
  const up = ticks(Math.max(...points.map(({ gas }) => gas)), 6);
  const x = (count: number) =>
    MARGIN.left + (count / (across.at(-1) ?? 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (gas: number) =>
    HEIGHT - MARGIN.bottom - (gas / (up.at(-1) ?? 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);

  const grid = [
    ...up.map(
      (gas) =>
        `<path class="grid" d="M${at(x(0))} ${at(y(gas))}H${at(WIDTH - MARGIN.right)}"/>` +
        `<text x="${at(x(0) - 8)}" y="${at(y(gas) + 4)}" text-anchor="end">${spaced(gas)}</text>`,
    ),
    ...across.map(
      (count) =>
        `<text x="${at(x(count))}" y="${at(HEIGHT - MARGIN.bottom + 18)}" text-anchor="middle">${count}</text>`,
    ),
  ];
  const lines = series.map(({ label, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? "#000";
    const { slope, base } = leastSquares(own);
    const [first, last] = [Math.min(...own.map((p) => p.count)), Math.max(...own.map((p) => p.count))];
    const end = (count: number) => `${at(x(count))} ${at(y(base + slope * count))}`;
    const dots = own.map(({ count, gas }) => `<circle cx="${at(x(count))}" cy="${at(y(gas))}" r="3.5"/>`);
    const legend = at(MARGIN.top - 34 + index * 18);
    return (
      `<g fill="${colour}" stroke="none"><path d="M${end(first)}L${end(last)}" stroke="${colour}" ` +
      `stroke-width="1.5" fill="none"/>${dots.join("")}` +
      `<text class="series" x="${at(WIDTH - MARGIN.right)}" y="${legend}" text-anchor="end" fill="${colour}">` +
      `${escaped(label)}: ${slopeText(own)}</text></g>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" ` +
      `height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#6b7280">`,
    `<title>${escaped(title)}</title>`,
    "<style>.grid{stroke:#9ca3af;stroke-opacity:.35}.series{font-weight:600}</style>",
    `<text x="${MARGIN.left}" y="24" font-size="16" font-weight="600">${escaped(title)}</text>`,
    ...grid,
    `<text x="${at((MARGIN.left + WIDTH - MARGIN.right) / 2)}" y="${HEIGHT - 14}" text-anchor="middle">` +
      `${escaped(grows)}</text>`,
    `<text x="16" y="${at(HEIGHT / 2)}" transform="rotate(-90 16 ${at(HEIGHT / 2)})" text-anchor="middle">gas</text>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}
