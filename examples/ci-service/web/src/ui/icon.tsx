/** Icons, drawn on a grid of 16: decoration only, so that no screen reader stops at them. */
const PATHS = {
  plus: "M8 3v10M3 8h10",
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4.5 4.5l7 7m0-7l-7 7",
  dash: "M4.5 8h7",
  clock: "M8 5v3.2l2 1.3",
  skip: "M5 5l3 3-3 3m4-6v6",
  branch: "M5 4.5v7M11 4.5v1c0 1.7-1.3 3-3 3H5",
  commit: "M2 8h3.4m5.2 0H14",
  search: "M10.5 10.5L14 14",
  sun: "M8 1.5v1m0 11v1M1.5 8h1m11 0h1M3.4 3.4l.7.7m7.8 7.8.7.7m0-9.2-.7.7M4.1 11.9l-.7.7",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
  system: "M2.5 3.5h11v7h-11zM6 13.5h4M8 10.5v3",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5.5a2.5 2.5 0 0 1 5 0v2",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  back: "M10 3.5L5.5 8l4.5 4.5",
  book: "M8 4.2C6.8 3.3 5 3 2.5 3v9.2c2.5 0 4.3.3 5.5 1.3 1.2-1 3-1.3 5.5-1.3V3C11 3 9.2 3.3 8 4.2zm0 0v9.3",
  leave: "M6.5 2.5h-3.5v11h3.5M10 5l3 3-3 3m3-3H6.5",
  warning: "M8 2.5l6.2 11H1.8zM8 6.5v3m0 2v.1",
  refresh: "M13 4.5v3h-3M12.7 7.5A5 5 0 1 0 12 11",
  chevron: "M6 3.5l4.5 4.5L6 12.5",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  stop: "M5 5h6v6H5z",
  edit: "M3 13l.7-3 7-7 2.3 2.3-7 7z",
  external: "M9 3h4v4m0-4L7.5 8.5M11 9.5V13H3V5h3.5",
  play: "M5 3.2v9.6l7.5-4.8z",
  box: "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6",
  flow: "M5 4h2c1.5 0 2 .8 2 2v4c0 1.2.500 2 2 2",
} as const;

const CIRCLES: { readonly [name: string]: readonly (readonly [number, number, number])[] } = {
  branch: [[5, 3, 1.5], [5, 13, 1.5], [11, 3, 1.5]],
  commit: [[8, 8, 2.5]],
  search: [[7, 7, 4.5]],
  sun: [[8, 8, 3]],
  clock: [[8, 8, 5.5]],
  flow: [[3.5, 4, 1.5], [12.5, 12, 1.5]],
};

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {CIRCLES[name]?.map(([x, y, radius]) => <circle key={`${x} ${y}`} cx={x} cy={y} r={radius} />)}
      <path d={PATHS[name]} />
    </svg>
  );
}
