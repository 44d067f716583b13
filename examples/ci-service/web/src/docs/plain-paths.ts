/** Plugin of Swagger UI: the path of an operation is text, because a link inside of a button is not reached with the keyboard. */
interface PathProps {
  readonly text: unknown;
}

export function plainPaths() {
  return {
    wrapComponents: {
      DeepLink: (_: unknown, { React }: { readonly React: typeof import("react") }) =>
        function Path({ text }: PathProps) {
          return React.createElement("span", null, text as import("react").ReactNode);
        },
    },
  };
}
