//! Generated files as text files.

use std::io;
use std::path::Path;

use crdgen::pipeline::{self, Selection, Targets, Versions};
use crdgen_emit::{Files, openapi, rust, typescript};
use crdgen_model::Names;

/// Every file of every target, of all fixtures. A path begins with its target.
fn generated() -> Files {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/accepted");
    let input = pipeline::read(&[fixtures.to_string_lossy().into_owned()], io::empty());
    let options = typescript::Options {
        queries: typescript::Queries::Tanstack,
        schemas: typescript::Schemas::Inputs,
        ..Default::default()
    };
    let targets = Targets {
        rust: Some(rust::Options { apply: rust::Apply::Kinds, ..rust::Options::default() }),
        axum: true,
        openapi: Some(openapi::Options { format: openapi::Format::Yaml, ..openapi::Options::default() }),
        typescript: Some(options),
        json_schema: Some(Default::default()),
        rbac: Some(Default::default()),
        docs: Some(Default::default()),
    };
    let selection = Selection { versions: Versions::All, ..Selection::default() };
    let output = pipeline::generate(&input.crds, &selection, &targets, &Names::default()).expect("they are generated");
    let targets = [
        ("rust", output.rust),
        ("openapi", output.openapi),
        ("typescript", output.typescript),
        ("json-schema", output.json_schema),
        ("rbac", output.rbac),
    ];
    let files = targets.into_iter().flat_map(|(target, files)| {
        assert!(!files.is_empty(), "{target}");
        files.into_iter().map(move |(path, text)| (format!("{target}/{path}"), text))
    });
    files.collect()
}

#[test]
fn a_file_ends_in_one_newline_and_no_line_in_white_space() {
    for (path, text) in generated() {
        assert!(
            text.ends_with('\n') && !text.ends_with("\n\n"),
            "{path} ends in {:?}",
            &text[text.len().saturating_sub(9)..]
        );
        for (index, line) in text.lines().enumerate() {
            assert_eq!(line, line.trim_end(), "{path}:{}", index + 1);
        }
    }
}
