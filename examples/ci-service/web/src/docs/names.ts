/** Names for screen readers, which Swagger UI does not give to its fields, and a hidden token. */

/** Names the fields below an element, now and after each change. */
export function keepNamed(root: HTMLElement): void {
  let isPlanned = false;
  const name = () => {
    isPlanned = false;
    nameFields(root);
  };
  new MutationObserver(() => {
    if (!isPlanned) {
      isPlanned = true;
      requestAnimationFrame(name);
    }
  }).observe(root, { childList: true, subtree: true });
  name();
}

function nameFields(root: HTMLElement): void {
  for (const row of root.querySelectorAll<HTMLElement>("tr[data-param-name]")) {
    row.querySelector("select, input, textarea")?.setAttribute("aria-label", row.dataset["paramName"] ?? "");
  }
  for (const body of root.querySelectorAll(".body-param__text")) {
    body.setAttribute("aria-label", "Request body");
  }
  for (const token of root.querySelectorAll(".auth-container input[type=text]")) {
    token.setAttribute("type", "password");
    token.setAttribute("autocomplete", "off");
  }
  // The keyboard scrolls what can have the focus.
  for (const sample of root.querySelectorAll("pre.microlight, pre.example")) {
    sample.setAttribute("tabindex", "0");
  }
}
