import { pause } from "./pause.js";
import { isProblem } from "./problem.js";

/** How a change is tried again. */
export interface UpdateOptions {
  /** How often it is tried in all; 5 times unless told. */
  readonly attempts?: number | undefined;
  /** Ends the waiting between attempts. The calls have signals of their own. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads, changes and writes. When somebody else wrote in between (`PreconditionFailed` or `Conflict`), it does so again with
 * what they wrote. A conflict of another sort, one with a `type` of its own, is thrown.
 *
 * `change` returns what is to be written, or `undefined` when there is nothing to do: then what was read is the answer. It
 * returns an object of the type that was read, unless the parameter of `write` has another type:
 * `(labels: Labels) => patchX(api, params, { metadata: { labels } })`.
 *
 * ```ts
 * await updateWithRetry(
 *   () => getX(api, params),
 *   (changed) => replaceX(api, params, changed),
 *   (stored) => ({ ...stored, spec: { ...stored.spec, paused: true } }),
 * );
 * ```
 */
export async function updateWithRetry<Stored, Changed = Stored, Written = Stored>(
  read: () => Promise<Stored>,
  write: (changed: Changed, stored: Stored) => Promise<Written>,
  change: (stored: Stored) => Changed | undefined | Promise<Changed | undefined>,
  options: UpdateOptions = {},
): Promise<Written | Stored> {
  const { attempts = 5, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    const stored = await read();
    const changed = await change(stored);
    if (changed === undefined) {
      return stored;
    }
    try {
      return await write(changed, stored);
    } catch (error) {
      const isOvertaken =
        isProblem(error, "PreconditionFailed", "Conflict") && error.problem.type === "about:blank";
      if (!isOvertaken || attempt >= attempts) {
        throw error;
      }
    }
    await pause(20 * attempt * Math.random(), signal);
    signal?.throwIfAborted();
  }
}
