// The JSON Schemas that forms are made of.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { JsonSchema } from "../api/index.js";
import { PipelineRunInputSchema } from "../api/schemas/PipelineRunInput.js";

suite("schemas", { timeout: 300_000 }, () => {
  test("a form finds what it needs", () => {
    assert.equal(PipelineRunInputSchema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert.equal(PipelineRunInputSchema["additionalProperties"], false);
    const definitions = PipelineRunInputSchema["$defs"] as { [name: string]: JsonSchema };
    const spec = definitions["PipelineRunSpecInput"] as { required: string[]; properties: { [name: string]: JsonSchema } };
    assert.deepEqual(spec.required, ["pipeline", "source"]);
    assert.equal(spec.properties["cancelled"]?.["default"], false);
    assert.equal(spec.properties["pipeline"]?.["description"], "Name of the Pipeline in the same namespace.");
  });
});
