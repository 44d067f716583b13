// Pages that a server renders: each request's own caller, and nothing asked for again in the browser.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";

import {
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  dehydrate,
  useQuery,
} from "@tanstack/react-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";

import type { Api } from "../api/index.js";
import { getPipelineOptions } from "../api/tanstack.js";
import { Proxy } from "./proxy.js";
import { Service } from "./service.js";
import { namespace, pipelines } from "./things.js";

suite("rendering on a server", { timeout: 300_000 }, () => {
  let service: Service;
  let proxy: Proxy;

  before(async () => {
    service = await Service.start();
    proxy = await Proxy.before(service);
  });

  after(async () => {
    await proxy.close();
    await service.kill();
  });

  /** A page that shows a pipeline, of whoever asks. */
  function Page(props: { api: Api; namespace: string }) {
    const { data, error } = useQuery(getPipelineOptions(props.api, { namespace: props.namespace, name: "p0" }));
    return createElement("h1", null, data?.metadata.uid ?? (error ? "failed" : "loading"));
  }

  function html(queries: QueryClient, state: DehydratedState | undefined, api: Api, namespace: string): string {
    const page = createElement(Page, { api, namespace });
    const boundary = createElement(HydrationBoundary, { state }, page);
    return renderToString(createElement(QueryClientProvider, { client: queries }, boundary));
  }

  /** What a server makes of a request: the page, and what it read for it as text. */
  async function rendered(request: Headers, namespace: string): Promise<{ page: string; state: string }> {
    const api: Api = { ...proxy.api, id: "ci", headers: () => ({ Authorization: request.get("Authorization") ?? "" }) };
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    await queries.prefetchQuery(getPipelineOptions(api, { namespace, name: "p0" }));
    return { page: html(queries, undefined, api, namespace), state: JSON.stringify(dehydrate(queries)) };
  }

  test("there is no browser here", () => {
    assert.equal(typeof window, "undefined");
    assert.equal(typeof document, "undefined");
  });

  test("a page is rendered with what was read, and the browser goes on with it", async () => {
    const place = namespace();
    const [made] = await pipelines(service.api, place, 1);
    const request = new Headers({ Authorization: "Bearer ada-secret" });
    const { page, state } = await rendered(request, place);
    assert.equal(page, `<h1>${made?.metadata.uid}</h1>`);
    const asked = proxy.asked.length;
    // The browser reaches the API at the page's own origin.
    const inBrowser: Api = { id: "ci", fetch: () => Promise.reject(new Error("asked again")) };
    const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    assert.equal(html(queries, JSON.parse(state) as DehydratedState, inBrowser, place), page);
    assert.equal(proxy.asked.length, asked);
  });

  test("requests at the same time keep their callers apart", async () => {
    const place = namespace();
    const [made] = await pipelines(service.api, place, 1);
    const callers = ["Bearer ada-secret", "Bearer nobody"];
    const [known, unknown] = await Promise.all(
      callers.map((Authorization) => rendered(new Headers({ Authorization }), place)),
    );
    assert.equal(known?.page, `<h1>${made?.metadata.uid}</h1>`);
    assert.equal(unknown?.page, "<h1>loading</h1>");
    assert.ok(!unknown?.state.includes(String(made?.metadata.uid)));
  });
});
