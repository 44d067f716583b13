/** The namespace that is looked at: part of the address, so that a link shows others the same. */
import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** The chosen namespace, empty for all of them, and how to choose another. */
export function useNamespace(): readonly [string, (namespace: string) => void] {
  const [search, setSearch] = useSearchParams();
  const choose = useCallback(
    (namespace: string) =>
      setSearch((now) => {
        const next = new URLSearchParams(now);
        if (namespace === "") {
          next.delete("namespace");
        } else {
          next.set("namespace", namespace);
        }
        return next;
      }),
    [setSearch],
  );
  return [search.get("namespace") ?? "", choose];
}

export interface InNamespace {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export function namespacesOf(objects: readonly InNamespace[]): readonly string[] {
  return [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))].sort();
}

export function isIn(namespace: string, { metadata }: InNamespace): boolean {
  return namespace === "" || metadata.namespace === namespace;
}

export function byName(left: InNamespace, right: InNamespace): number {
  const [a, b] = [left, right].map(({ metadata }) => `${metadata.namespace} ${metadata.name}`);
  return (a ?? "").localeCompare(b ?? "");
}
