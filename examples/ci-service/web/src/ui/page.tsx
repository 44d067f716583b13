/** What every page has: a title that is also the window's, the way back, and what can be done. */
import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "wouter";

import { Icon } from "./icon.js";

interface Props {
  readonly title: string;
  /** Beside the title. */
  readonly badge?: ReactNode;
  /** Below the title. */
  readonly about?: ReactNode;
  readonly back?: { readonly to: string; readonly label: string };
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, badge, about, back, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · CI service`;
    // Who does not see the page change is told where they are; who does, sees no focus ring on a title.
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main id="content" className="page">
      {back && (
        <nav aria-label="Way back" className="back">
          <Link href={back.to}>
            <Icon name="back" size={12} /> {back.label}
          </Link>
        </nav>
      )}
      <header className="page-head">
        <div>
          <div className="page-title">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {badge}
          </div>
          {about && <div className="page-about">{about}</div>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
