//! Comparison of generated types with those that openapi-typescript makes of the document. Each must be assignable to
//! the other. This module writes the tests, and `tsc` runs them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use crdgen_harness::{process, workspace};
use serde_json::Value;

use super::bench::{Bench, below, read};

/// Generated types, and the document that describes the same types.
struct Subject {
    name: &'static str,
    types: &'static str,
    document: &'static str,
}

const SUBJECTS: [Subject; 2] = [
    Subject { name: "example", types: "examples/ci-service/web/src/api", document: "examples/ci-service/openapi.json" },
    Subject {
        name: "fixtures",
        types: "fixtures/golden/typescript",
        document: "fixtures/golden/src/generated/api/openapi.json",
    },
];

/// Types that have a name in documents and are written inline in TypeScript.
const WRITTEN_OUT: [&str; 2] = ["IntOrString", "IntOrStringOrNull"];

/// Types with required keys that no property declares, and the types that hold one. TypeScript requires the keys. A
/// document has them as data (`x-crdgen-validation`), because client generators ignore them.
const STRICTER: [&str; 6] = ["Lock", "LockInput", "LockList", "LockSpec", "LockSpecInput", "LockWatchEvent"];

/// Writes a test for every type and returns the number of tests.
pub fn write(bench: &Bench) -> Result<usize> {
    let mut count = 0;
    for Subject { name, types, document } in SUBJECTS {
        let folder = bench.work.join("equality").join(name);
        let files = below(types, "ts")?.into_iter().map(|(name, text)| (format!("ours/{name}"), text)).collect();
        workspace::mirror(&folder, &files)?;
        let schemas = folder.join("schemas.ts");
        let mut openapi_typescript = Command::new(bench.tool("openapi-typescript"));
        openapi_typescript.arg(workspace::root().join(document)).arg("--output").arg(&schemas);
        let output = process::capture(&mut openapi_typescript)?;
        anyhow::ensure!(output.status.success(), "openapi-typescript: {}", process::text(&output));
        let types = fs::read_to_string(folder.join("ours/types.ts"))?;
        let names = names(&types, &serde_json::from_str(&read(document)?)?)?;
        workspace::write(&folder.join("test.ts"), &questions(&names))?;
        count += names.len();
    }
    Ok(count)
}

/// Returns the type names of both sides. A name that only one side has makes `tsc` fail.
fn names(types: &str, document: &Value) -> Result<BTreeSet<String>> {
    let schemas = document["components"]["schemas"].as_object().context("a document with schemas")?;
    let exported = types.lines().filter_map(|line| {
        let declared = line.strip_prefix("export interface ").or_else(|| line.strip_prefix("export type "))?;
        declared.split(' ').next()
    });
    let mut names: BTreeSet<String> = schemas.keys().cloned().chain(exported.map(str::to_owned)).collect();
    names.retain(|name| !WRITTEN_OUT.contains(&name.as_str()) && !STRICTER.contains(&name.as_str()));
    Ok(names)
}

fn questions(names: &BTreeSet<String>) -> String {
    let mut text =
        "import type * as types from \"./ours/types.js\";\nimport type { components } from \"./schemas.js\";\n\
                    import type { Same } from \"../same.js\";\n\ntype Schemas = components[\"schemas\"];\n"
            .to_owned();
    for name in names {
        write!(text, "\nexport const of{name}: Same<types.{name}, Schemas[\"{name}\"]> = true;").expect("a string");
    }
    text + "\n"
}
