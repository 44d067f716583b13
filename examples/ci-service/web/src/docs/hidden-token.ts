/** Plugin of Swagger UI: the sample for curl does not show the caller's token, because people copy samples into messages. */
import type { ComponentType } from "react";

/** The part of an immutable map that the plugin uses. */
interface Request {
  hasIn(path: readonly string[]): boolean;
  setIn(path: readonly string[], value: unknown): Request;
}

interface CurlProps {
  readonly request: Request;
}

const HEADER = ["headers", "Authorization"];

export function hiddenToken() {
  return {
    wrapComponents: {
      curl: (Curl: ComponentType<CurlProps>, { React }: { readonly React: typeof import("react") }) =>
        function CurlWithoutToken(props: CurlProps) {
          const { request } = props;
          const shown = request.hasIn(HEADER) ? request.setIn(HEADER, "Bearer <token>") : request;
          return React.createElement(Curl, { ...props, request: shown });
        },
    },
  };
}
