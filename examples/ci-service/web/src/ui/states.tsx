/** What stands where data would: while it loads, when there is none, and when it cannot be had. */
import type { ReactNode } from "react";

import { explain } from "../service/problems.js";
import { Icon, type IconName } from "./icon.js";

export function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={22} />
      </span>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}

/** In place of a form that the caller may not send. */
export function Denied({ to }: { readonly to: string }) {
  return (
    <Empty icon="lock" title={`You may not ${to} here`}>
      Ask an administrator of the service for the permission.
    </Empty>
  );
}

export function Failure({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <div className="empty" role="alert">
      <span className="empty-icon empty-icon-bad">
        <Icon name="warning" size={22} />
      </span>
      <h2>The data could not be loaded</h2>
      <p>{explain(error)}</p>
      <button type="button" className="button" onClick={retry}>
        <Icon name="refresh" /> Try again
      </button>
    </div>
  );
}
