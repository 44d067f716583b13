/** Light or dark: the system's choice until somebody makes another. `public/theme.js` applies it before the first paint. */
import { Store } from "./store.js";

export type Theme = "system" | "light" | "dark";

const KEY = "ci-service.theme";

export const theme = new Store<Theme>(stored());

export function choose(next: Theme): void {
  if (next === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset["theme"] = next;
  }
  theme.set(next);
}

function stored(): Theme {
  const found = localStorage.getItem(KEY);
  return found === "light" || found === "dark" ? found : "system";
}
