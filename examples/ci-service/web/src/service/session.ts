/** Who is signed in. The token lives as long as the tab; nobody else gets it, and no URL holds it. */
import { isProblem, listProjectsForAllNamespaces, type Api } from "../api/index.js";
import { observed } from "./connection.js";
import { Store, useStore } from "./store.js";

export interface Session {
  /** The API, called as this caller. */
  readonly api: Api;
}

export type SignedOut = "never" | "by-choice" | "expired";

const KEY = "ci-service.token";

export const session = new Store<Session | SignedOut>(restored());

export function useSession(): Session | SignedOut {
  return useStore(session);
}

/** The API of whoever is signed in; for components that are shown to nobody else. */
export function useApi(): Api {
  const now = useSession();
  if (typeof now === "string") {
    throw new Error("nobody is signed in");
  }
  return now.api;
}

/** Signs in when the service takes the token; fails with what it says. */
export async function signIn(token: string): Promise<void> {
  const api = apiOf(token);
  try {
    await listProjectsForAllNamespaces(api, { limit: 1 });
  } catch (error) {
    // The service knows the caller, who may not read everything: that is for the pages to say.
    if (!isProblem(error, "Forbidden")) {
      throw error;
    }
  }
  sessionStorage.setItem(KEY, token);
  session.set({ api });
}

export function signOut(why: SignedOut): void {
  sessionStorage.removeItem(KEY);
  session.set(why);
}

function restored(): Session | SignedOut {
  const token = sessionStorage.getItem(KEY);
  return token === null ? "never" : { api: apiOf(token) };
}

function apiOf(token: string): Api {
  const api: Api = {
    token,
    fetch: async (input, init) => {
      const response = await observed(input, init);
      const now = session.get();
      if (response.status === 401 && typeof now !== "string" && now.api === api) {
        signOut("expired");
      }
      return response;
    },
  };
  return api;
}
