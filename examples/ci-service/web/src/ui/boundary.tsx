/** What is shown when the pages themselves are wrong: better than nothing at all. */
import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error?: unknown;
}

export class Boundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) {
      return this.props.children;
    }
    return (
      <main className="page" id="content">
        <div className="empty" role="alert">
          <h1>This page has an error</h1>
          <p>{String(this.state.error)}</p>
          <button type="button" className="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      </main>
    );
  }
}
