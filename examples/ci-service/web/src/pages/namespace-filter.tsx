/** Choice of the namespace whose objects a list shows. */
import { namespacesOf, useNamespace, type InNamespace } from "./namespace.js";

export function NamespaceFilter({ objects }: { readonly objects: readonly InNamespace[] }) {
  const [namespace, setNamespace] = useNamespace();
  const known = new Set([...namespacesOf(objects), ...(namespace ? [namespace] : [])]);
  return (
    <select className="input input-filter" aria-label="Namespace" value={namespace} onChange={(event) => setNamespace(event.target.value)}>
      <option value="">All namespaces</option>
      {[...known].sort().map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
