// How large a page gets that makes one call: by this client, and by others made of the same document.
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const call = { namespace: "shop", name: "build" };
const path = JSON.stringify("/apis/ci.example.com/v1/namespaces/{namespace}/pipelines/{name}");

/** A page of this client. */
const crdgen = (call: string, made: string) => ({
  client: "crdgen",
  call,
  page: `import { ${made.slice(0, made.indexOf("("))} } from "../api/index.js"; console.log(${made});`,
});

const subjects = [
  crdgen("get one", `getPipeline({ baseUrl: "/" }, ${JSON.stringify(call)})`),
  crdgen("create one", `createPipeline({ baseUrl: "/" }, ${JSON.stringify(call)}, JSON.parse(location.hash))`),
  crdgen("watch", `watchPipelines({ baseUrl: "/" }, ${JSON.stringify(call)})`),
  crdgen("guard of an enum", `isPipelineRunPhase(location.hash)`),
  {
    client: "openapi-fetch",
    call: "get one",
    page: `import createClient from "openapi-fetch";
           const client = createClient({ baseUrl: "/" });
           console.log(client.GET(${path}, { params: { path: ${JSON.stringify(call)} } }));`,
  },
  {
    client: "hey-api",
    call: "get one",
    page: `import { getPipeline } from "./hey-api/index.js";
           console.log(getPipeline({ baseUrl: "/", path: ${JSON.stringify(call)} }));`,
  },
];

const sizes = [];
for (const { client, call, page } of subjects) {
  const built = await build({
    stdin: { contents: page, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const bytes = built.outputFiles[0]?.contents ?? new Uint8Array();
  sizes.push({ client, call, minified: bytes.length, gzipped: gzipSync(bytes).length });
}
console.log(JSON.stringify(sizes));
