import { pause } from "./pause.js";
import { isProblem } from "./problem.js";

/** Settings of `updateWithRetry`. */
export interface UpdateOptions {
  /** Maximum number of attempts. Default: 5. */
  readonly attempts?: number | undefined;
  /** Ends the wait between two attempts. Pass a signal to `read` and `write` to abort the calls. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an object, changes it and writes it. If another client wrote in between (`PreconditionFailed` or `Conflict`), all
 * three steps are repeated. A conflict that has a `type` of its own has another cause and is thrown.
 *
 * `change` returns the object to write, or `undefined` if there is nothing to change. Then the result is the object as read.
 *
 * The object to write has the type of the object that was read, unless the parameter of `write` has another type:
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
