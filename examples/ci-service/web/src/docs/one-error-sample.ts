/** Plugin of Swagger UI: the failures of an operation are listed with one sample for all, since they have one form. */
import type { ComponentType } from "react";

/** The part of an immutable map that the plugin uses. */
interface Fields {
  get(name: string): unknown;
  set(name: string, value: unknown): Fields;
  delete(name: string): Fields;
}

interface ResponseProps {
  readonly code: string;
  readonly response: Fields;
}

/** Meaning of each status, for people. The document says the rest. */
const MEANINGS: { readonly [status: string]: string } = {
  400: "The request is malformed.",
  404: "The object does not exist.",
  406: "The caller does not accept JSON.",
  409: "The name is taken, or the object has changed since it was read.",
  410: "The position in the list or watch has expired.",
  412: "The object has another version than `If-Match`.",
  413: "The body is too large.",
  415: "The media type of the body is not supported.",
  422: "The object is not valid.",
  default: "Every failure is a problem document.",
};

export function oneErrorSample() {
  return {
    wrapComponents: {
      response: (Response: ComponentType<ResponseProps>, { React }: { readonly React: typeof import("react") }) =>
        function ResponseWithoutSample(props: ResponseProps) {
          return React.createElement(Response, { ...props, response: shown(props) });
        },
    },
  };
}

function shown({ code, response }: ResponseProps): Fields {
  const meaning = MEANINGS[code];
  const described = meaning === undefined ? response : response.set("description", meaning);
  return /^[45]/.test(code) ? described.delete("content") : described;
}
