/** The sign of the service: one step after another. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" />
      <path d="M8.5 10.5h5.2c2 0 2.8 1.2 2.8 2.8v5.4c0 1.6.800 2.8 2.8 2.8h4.2" />
      <circle cx="8.5" cy="10.5" r="2.6" />
      <circle cx="23.5" cy="21.5" r="2.6" />
    </svg>
  );
}
