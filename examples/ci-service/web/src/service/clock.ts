/** The time, for texts such as "3 min ago": one timer for the page. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((told) => told()), 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** A text made of the present time; who uses it is drawn again only when the text changes. */
export function useClock(text: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () => text(Date.now()));
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

/** The largest two units, for example `2 h 5 min`. */
export function duration(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds / 1_000));
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    const count = Math.floor(rest / seconds);
    if (count > 0) {
      parts.push(`${count} ${unit}`);
      rest -= count * seconds;
    }
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

/** For example `5 min ago`. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - then) / 1_000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["s", 1];
  return seconds < 5 ? "just now" : `${Math.floor(seconds / size)} ${unit} ago`;
}
