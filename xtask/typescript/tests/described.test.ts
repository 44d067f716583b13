// What a user interface is made of: enums, columns, labels, defaults.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import {
  ConditionStatus,
  PipelineRunColumns,
  PipelineRunPhase,
  PipelineRunSpecLabels,
  ProjectColumns,
  defaultProjectSpec,
  isConditionStatus,
  isPipelineRunPhase,
  type Closed,
  type types,
} from "../api/index.js";

suite("descriptions", { timeout: 300_000 }, () => {
  test("enums are constants, and guards know them", () => {
    assert.deepEqual(Object.values(ConditionStatus), ["True", "False", "Unknown"]);
    const phase: types.PipelineRunPhase = PipelineRunPhase.Running;
    assert.ok(isPipelineRunPhase(phase));
    for (const other of ["Paused", "toString", "", undefined, null, 1, ["Running"]]) {
      assert.ok(!isPipelineRunPhase(other));
    }
    const status: types.ConditionStatus = "Perhaps";
    assert.ok(!isConditionStatus(status));
  });

  test("a closed type has the values of its enums and no others", () => {
    const metadata = { name: "site" };
    const spec = { displayName: "Site", repository: { url: "https://example.com/site.git" } };
    const open: types.ProjectInput = { metadata, spec: { ...spec, visibility: "Secret" } };
    const closed: Closed<types.ProjectInput> = { metadata, spec: { ...spec, visibility: "Public" } };
    // @ts-expect-error a server refuses it
    const refused: Closed<types.ProjectInput> = { metadata, spec: { ...spec, visibility: "Secret" } };
    // What is read is written again, whatever a newer server says.
    const again: types.ProjectInput = closed;
    assert.ok(open !== refused && again === closed);
  });

  const metadata = { name: "run", uid: "u", resourceVersion: "1", creationTimestamp: "2024-01-01T00:00:00Z" };

  test("columns read their values", () => {
    const spec = { pipeline: "build", source: { branch: "main" }, cancelled: false };
    const run: types.PipelineRun = { apiVersion: "ci.example.com/v1", kind: "PipelineRun", metadata, spec };
    const shown = PipelineRunColumns.map((column) => [column.header, column.value(run)]);
    assert.deepEqual(shown, [
      ["Pipeline", "build"],
      ["Branch", "main"],
      ["Phase", undefined],
      ["Commit", undefined],
      ["Age", metadata.creationTimestamp],
    ]);
    assert.deepEqual(PipelineRunColumns.filter((column) => column.priority > 0).map((column) => column.header), ["Commit"]);
    // The type of a value is that of the field.
    const branch: string = PipelineRunColumns[1].value(run);
    assert.equal(branch, "main");
  });

  test("columns find the condition that they are about, and break on nothing", () => {
    const ready = ProjectColumns[2];
    assert.equal(ready.header, "Ready");
    const condition = (type: string, status: types.ConditionStatus): types.Condition => {
      return { type, status, reason: "R", message: "", lastTransitionTime: metadata.creationTimestamp };
    };
    const project = { metadata, status: { conditions: [condition("Other", "False"), condition("Ready", "True")] } };
    assert.equal(ready.value(project as unknown as types.Project), "True");
    for (const column of ProjectColumns) {
      assert.equal(column.value({} as types.Project), undefined);
    }
  });

  test("labels say what fields are", () => {
    assert.equal(PipelineRunSpecLabels.runnerSelector.label, "Runner selector");
    assert.equal(PipelineRunSpecLabels.pipeline.help, "Name of the Pipeline in the same namespace.");
  });

  test("defaults are those of the server, new each time", () => {
    const defaults = defaultProjectSpec();
    assert.deepEqual(defaults, { visibility: "Private", limits: { concurrentRuns: 4 } });
    defaults.limits.concurrentRuns = 5;
    assert.equal(defaultProjectSpec().limits.concurrentRuns, 4);
  });
});
