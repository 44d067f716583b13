// An enum of 3,000 values.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { MachineSize, isMachineSize, type types } from "../huge/index.js";

suite("a huge enum", { timeout: 300_000 }, () => {
  test("its guard knows every value and no other", () => {
    const values = Object.values(MachineSize);
    assert.equal(values.length, 3_000);
    assert.ok(values.every(isMachineSize));
    for (const other of ["size-3000", "toString", "", undefined, null, 1]) {
      assert.ok(!isMachineSize(other));
    }
  });

  test("its guard narrows to the values that are known", () => {
    const size: types.MachineSize = "size-2999";
    const known: (typeof MachineSize)[keyof typeof MachineSize] | undefined = isMachineSize(size)
      ? size
      : undefined;
    assert.equal(known, "size-2999");
  });
});
