const COUNT = new Intl.NumberFormat("en");

/** A number with its noun, for example `1 run` and `1,000 runs`. */
export function count(number: number, noun: string): string {
  return `${COUNT.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}
