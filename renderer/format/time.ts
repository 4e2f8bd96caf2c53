/** What is left of a time, as "9:05", "1:00:00" or "6 days 23:59:59"; never below zero. */
export function formatRemaining(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor(total / 3600) % 24;
  const minutes = Math.floor(total / 60) % 60;
  const two = (value: number) => value.toString().padStart(2, "0");
  const seconds = two(total % 60);
  if (days > 0) return `${days} ${days === 1 ? "day" : "days"} ${hours}:${two(minutes)}:${seconds}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

const thisYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const otherYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** A moment in the person's time zone: "21 Nov, 14:03" within this year, "21 Nov 2025" otherwise. */
export function formatMoment(unixSeconds: number, now: Date = new Date()): string {
  const moment = new Date(unixSeconds * 1000);
  return (moment.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(moment);
}
