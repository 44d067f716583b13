/** The API's reference: Swagger UI in the colours of the pages. It asks no other host. */
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

import "swagger-ui-dist/swagger-ui.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/layout.css";
import "./docs.css";
import { hiddenToken } from "./hidden-token.js";
import { keepNamed } from "./names.js";
import { oneErrorSample } from "./one-error-sample.js";
import { plainPaths } from "./plain-paths.js";

/** The parts of the document that the page itself reads. */
interface Document {
  readonly tags?: readonly { readonly name: string }[];
  readonly components?: { readonly schemas?: unknown };
}

/** Gives each text with a pattern an example. Without one, samples have random texts that match the pattern. */
function addExamples(node: unknown): void {
  if (typeof node !== "object" || node === null) {
    return;
  }
  const schema = node as { [key: string]: unknown };
  if (schema["type"] === "string" && typeof schema["pattern"] === "string") {
    schema["example"] ??= "string";
  }
  Object.values(schema).forEach(addExamples);
}

/** Key of the token under which the pages sign in. */
const KEY = "ci-service.token";
const SCHEME = "bearer";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** Follows the theme of the pages: Swagger UI knows it by a class. */
function applyTheme(): void {
  const chosen = document.documentElement.dataset["theme"];
  document.documentElement.classList.toggle("dark-mode", chosen === undefined ? dark.matches : chosen === "dark");
}

applyTheme();
dark.addEventListener("change", applyTheme);

const answer = await fetch("/openapi.json");
const spec = (await answer.json()) as Document;
addExamples(spec.components?.schemas);

const ui = SwaggerUI({
  spec,
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelExpandDepth: 2,
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  // No other host is asked whether the document is valid.
  validatorUrl: null,
  plugins: [hiddenToken, oneErrorSample, plainPaths],
  onComplete: () => {
    // Who is signed in on the pages, in this tab, is signed in here too.
    const token = sessionStorage.getItem(KEY);
    if (token !== null) {
      ui.preauthorizeApiKey(SCHEME, token);
    }
    list(spec);
    keepNamed(document.body);
  },
});

/** Lists the kinds beside the operations. */
function list({ tags = [] }: Document): void {
  const kinds = document.querySelector(".kinds");
  kinds?.replaceChildren(
    ...tags.map(({ name }) => {
      const link = document.createElement("a");
      link.href = `#/${name}`;
      link.textContent = name;
      link.addEventListener("click", () => document.getElementById(`operations-tag-${name}`)?.scrollIntoView());
      return link;
    }),
  );
}
