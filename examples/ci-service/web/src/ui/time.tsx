/** Times that go on while they are looked at. */
import { ago, duration, useClock } from "../service/clock.js";

const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** For example `5 min ago`; the exact time as its title. */
export function Ago({ time }: { readonly time: string }) {
  const then = Date.parse(time);
  const text = useClock((now) => ago(then, now));
  return (
    <time dateTime={time} title={EXACT.format(then)}>
      {text}
    </time>
  );
}

/** From one time to another, or to now. */
export function Lasting({ from, to }: { readonly from: string | undefined; readonly to: string | undefined }) {
  const text = useClock((now) => (from ? duration((to ? Date.parse(to) : now) - Date.parse(from)) : "–"));
  return <span className="number">{text}</span>;
}
