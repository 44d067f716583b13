/** Signing in: a token, which the service has to know. */
import { useEffect, useRef, useState } from "react";

import { isProblem } from "../api/index.js";
import { explain } from "../service/problems.js";
import { signIn, type SignedOut } from "../service/session.js";
import { Logo } from "../ui/logo.js";
import { Notice } from "../ui/notice.js";

export function SignIn({ why }: { readonly why: SignedOut }) {
  const [token, setToken] = useState("");
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = "Sign in · CI service";
    input.current?.focus();
  }, []);

  const refused = isProblem(error, "Unauthorized");
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await signIn(token.trim());
    } catch (failure) {
      setError(failure);
      setBusy(false);
      input.current?.focus();
    }
  };
  const wrong = token.trim() === "" ? "Enter your token." : "The service does not know this token.";
  return (
    <main className="sign-in" id="content">
      <form
        className="card sign-in-card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Logo size={40} />
        <h1>Sign in to CI service</h1>
        <p className="muted">Use the access token that you were given.</p>
        {why === "expired" && !error && <Notice tone="warning" title="Your token is no longer valid. Sign in again." />}
        {error !== undefined && !refused && <Notice tone="bad" title="You are not signed in">{explain(error)}</Notice>}
        <div className={refused ? "field field-wrong" : "field"}>
          <label htmlFor="token">Access token</label>
          <div className="with-button">
            <input
              ref={input}
              id="token"
              className="input"
              type={isShown ? "text" : "password"}
              value={token}
              autoComplete="current-password"
              spellCheck={false}
              aria-invalid={refused || undefined}
              aria-describedby={refused ? "token-wrong token-help" : "token-help"}
              onChange={(event) => setToken(event.target.value)}
            />
            <button type="button" className="button button-quiet" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
              {isShown ? "Hide" : "Show"}
            </button>
          </div>
          {refused && (
            <p className="wrong" id="token-wrong" role="alert">
              {wrong}
            </p>
          )}
          <p className="help" id="token-help">
            The token is stored only in this tab, until you close it.
          </p>
        </div>
        <button type="submit" className="button button-main button-wide" disabled={isBusy}>
          {isBusy && <span className="ring" aria-hidden="true" />}
          Sign in
        </button>
      </form>
    </main>
  );
}
