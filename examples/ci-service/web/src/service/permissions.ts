/** Permissions of whoever is signed in: what may not be done is not offered. The service checks every request all the same. */
import { useCallback, useEffect } from "react";

import { isAllowed, readPermissions, type Api, type PermissionResource } from "../api/index.js";
import type { Permissions, PermissionVerb } from "../api/types.js";
import { useApi } from "./session.js";
import { Store, useStore } from "./store.js";

/** `asking` before the first answer, `unknown` if the service could not be asked. */
type Answer = Permissions | "asking" | "unknown";

interface Asked {
  readonly answer: Store<Answer>;
  /** Time of the last question, in milliseconds. */
  time: number;
}

/** Time after which the service is asked again, in milliseconds. */
const FRESH = 60_000;

const asked = new WeakMap<Api, Map<string, Asked>>();

/**
 * Returns whether the caller may do something in a namespace; the empty one means all namespaces. Nothing is allowed before
 * the service has answered, and everything if it cannot be asked.
 */
export function useMay(namespace: string): (verb: PermissionVerb, resource: PermissionResource) => boolean {
  const api = useApi();
  const { answer } = askedOf(api, namespace);
  useEffect(() => void refresh(api, namespace), [api, namespace]);
  const now = useStore(answer);
  return useCallback(
    (verb, resource) => (typeof now === "string" ? now === "unknown" : isAllowed(now, verb, resource)),
    [now],
  );
}

/** Returns whether the service has answered, or cannot be asked. */
export function useIsAnswered(namespace: string): boolean {
  return useStore(askedOf(useApi(), namespace).answer) !== "asking";
}

function askedOf(api: Api, namespace: string): Asked {
  const ofApi = asked.get(api) ?? new Map<string, Asked>();
  asked.set(api, ofApi);
  const found = ofApi.get(namespace) ?? { answer: new Store<Answer>("asking"), time: -Infinity };
  ofApi.set(namespace, found);
  return found;
}

async function refresh(api: Api, namespace: string): Promise<void> {
  const question = askedOf(api, namespace);
  if (performance.now() - question.time < FRESH) {
    return;
  }
  question.time = performance.now();
  try {
    question.answer.set(await readPermissions(api, namespace === "" ? {} : { namespace }));
  } catch {
    question.time = -Infinity;
    if (question.answer.get() === "asking") {
      question.answer.set("unknown");
    }
  }
}
