/** A message that belongs to what stands around it. */
import type { ReactNode } from "react";

import { Icon } from "./icon.js";

interface Props {
  readonly tone: "bad" | "warning" | "info";
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function Notice({ tone, title, children, actions }: Props) {
  return (
    <div className={`notice notice-${tone}`} role={tone === "info" ? "status" : "alert"}>
      <Icon name="warning" />
      <div className="notice-text">
        <strong>{title}</strong>
        {children}
      </div>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  );
}
