/** What has just been done, said once and in passing. */
import { Store, useStore } from "../service/store.js";

interface Toast {
  readonly id: number;
  readonly text: string;
}

const LASTS = 5_000;
const toasts = new Store<readonly Toast[]>([]);
let count = 0;

export function say(text: string): void {
  const toast = { id: ++count, text };
  toasts.set([...toasts.get(), toast]);
  setTimeout(() => toasts.set(toasts.get().filter(({ id }) => id !== toast.id)), LASTS);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text }) => (
        <div key={id} className="toast">
          {text}
        </div>
      ))}
    </div>
  );
}
