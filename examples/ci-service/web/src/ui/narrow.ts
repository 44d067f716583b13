/** Width of the window, in the steps of the style sheets. */
import { useSyncExternalStore } from "react";

/** Whether the window is as narrow as that of a phone. */
export const useNarrow = hookOf("(width < 700px)");

/** Whether the window has no room for a column beside the content. */
export const useOneColumn = hookOf("(width < 900px)");

function hookOf(condition: string): () => boolean {
  const query = window.matchMedia(condition);
  const subscribe = (listener: () => void) => {
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  };
  const isMet = () => query.matches;
  return () => useSyncExternalStore(subscribe, isMet);
}
