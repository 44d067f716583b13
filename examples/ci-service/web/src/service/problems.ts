/** What to tell people about a failure. */
import { isProblem } from "../api/index.js";
import type { ProblemCause } from "../api/types.js";

/** One sentence for people. */
export function explain(error: unknown): string {
  if (isProblem(error, "Unreachable")) {
    return "The service cannot be reached.";
  }
  if (isProblem(error)) {
    return error.problem.detail ?? error.problem.title;
  }
  return error instanceof Error ? error.message : String(error);
}

/** What is wrong with which field, as far as the service says. */
export function causesOf(error: unknown): readonly ProblemCause[] {
  return isProblem(error) ? (error.problem.causes ?? []) : [];
}

/** A cause without what its place says anyway, for example `spec.source.commit in body should match ...`. */
export function causeText({ field, message }: ProblemCause): string {
  const text = message
    .replace(`${field} in body `, "")
    .replace(`${field}: `, "")
    .replace(/^(Invalid|Unsupported) value: ("(?:[^"\\]|\\.)*"|[^:]*): /, "")
    .replace(/^Required value(: )?/, "Required. ")
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
