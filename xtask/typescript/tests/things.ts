// Objects for tests, each test in a namespace of its own.
import { type Api, type types, createPipeline } from "../api/index.js";

let count = 0;

/** A namespace that no other test uses. */
export function namespace(): string {
  return `test-${(count += 1)}`;
}

/** A pipeline as users write it. */
export function pipeline(name: string): types.PipelineInput {
  const tasks = [{ name: "test", image: "rust:1", script: "cargo test" }];
  return { metadata: { name }, spec: { project: "web", tasks } };
}

/** Makes pipelines `p0`, `p1`, ... */
export async function pipelines(api: Api, namespace: string, count: number): Promise<types.Pipeline[]> {
  const made: types.Pipeline[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push(await createPipeline(api, { namespace }, pipeline(`p${index}`)));
  }
  return made;
}

/** A value that must be there. */
export function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) {
    throw new Error("nothing is there");
  }
  return value;
}

/** Waits until something holds; the test's own deadline ends it when it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
