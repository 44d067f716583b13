/** Whether the window is as narrow as that of a phone. The width is that of the style sheets. */
import { useSyncExternalStore } from "react";

const NARROW = window.matchMedia("(width < 700px)");

function subscribe(listener: () => void): () => void {
  NARROW.addEventListener("change", listener);
  return () => NARROW.removeEventListener("change", listener);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => NARROW.matches);
}
