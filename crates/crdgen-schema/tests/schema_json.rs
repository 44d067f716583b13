//! A schema converted to JSON and read again is equal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crdgen_schema::schema::{Additional, Schema};
use crdgen_schema::{Crd, Span, documents, load};
use serde_json::{Value as Json, json};

/// Returns the CRDs of every `step`-th file below a folder.
fn crds(folder: &Path, step: usize) -> Vec<Crd> {
    let mut diagnostics = Vec::new();
    let inputs = [folder.to_str().expect("a path of UTF-8").to_owned()];
    let mut collected = crdgen_schema::collect(&inputs, std::io::empty());
    collected.sources = collected.sources.into_iter().step_by(step).collect();
    load(collected, &mut diagnostics).crds
}

/// Returns a CRD with this schema.
fn crd(schema: &Json) -> Crd {
    let text = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    });
    let source = Arc::new(crdgen_schema::Source { name: "widget.json".to_owned(), text: text.to_string() });
    let mut diagnostics = Vec::new();
    let mut found = crdgen_schema::crds(documents(&source, &mut diagnostics), &mut diagnostics);
    assert_eq!(found.refused, 0, "{diagnostics:#?}");
    found.crds.remove(0)
}

/// Changes every node.
fn each(schema: &mut Schema, change: fn(&mut Schema)) {
    change(schema);
    schema.properties.values_mut().for_each(|property| each(property, change));
    if let Some(Additional::Schema(values)) = &mut schema.additional_properties {
        each(values, change);
    }
    let branches = [&mut schema.all_of, &mut schema.any_of, &mut schema.one_of];
    let others = schema.items.iter_mut().chain(&mut schema.not).map(Box::as_mut);
    branches.into_iter().flatten().chain(others).for_each(|node| each(node, change));
}

/// Checks every version and returns the number of versions.
fn unchanged(crds: Vec<Crd>) -> usize {
    let mut versions = 0;
    for mut version in crds.into_iter().flat_map(|crd| crd.versions) {
        let mut read = crd(&version.schema.to_json()).versions.remove(0).schema;
        each(Arc::make_mut(&mut read), |node| node.span = Span::default());
        each(Arc::make_mut(&mut version.schema), |node| {
            node.span = Span::default();
            (node.description, node.example, node.external_docs) = (None, None, None);
        });
        assert_eq!(read, version.schema);
        versions += 1;
    }
    versions
}

#[test]
fn every_fixture_is_read_again_as_it_was() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/accepted");
    assert!(unchanged(crds(&fixtures, 1)) > 40);
}

#[test]
fn every_keyword_is_written() {
    let schema = json!({
        "type": "object",
        "title": "T",
        "minProperties": 1,
        "maxProperties": 9,
        "required": ["s"],
        "properties": {
            "s": {"type": "string", "format": "byte", "nullable": true, "default": null, "pattern": "^a*$",
                "minLength": 1, "maxLength": 2},
            "i": {"type": "integer", "enum": [1, 2], "minimum": -1, "exclusiveMinimum": true, "maximum": 2.5,
                "exclusiveMaximum": true, "multipleOf": 0.5},
            "n": {"type": "number", "minimum": 9_223_372_036_854_775_808_u64, "maximum": 18_446_744_073_709_549_568_u64},
            "l": {"type": "array", "minItems": 0, "maxItems": 3, "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["k"],
                "items": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}}},
            "m": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "boolean"}},
            "a": {"type": "object", "additionalProperties": true},
            "p": {"x-kubernetes-preserve-unknown-fields": true},
            "e": {"type": "object", "x-kubernetes-embedded-resource": true,
                "x-kubernetes-preserve-unknown-fields": true},
            "q": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]},
            "j": {"type": "string", "allOf": [{"minLength": 1}], "oneOf": [{"pattern": "b"}], "not": {"enum": ["c"]}},
        },
        "x-kubernetes-validations": [{"rule": "has(self.s) || oldSelf.hasValue()", "message": "m", "messageExpression": "'e'",
            "reason": "FieldValueInvalid", "fieldPath": ".s", "optionalOldSelf": true}],
    });
    assert_eq!(crd(&schema).versions[0].schema.to_json(), schema);
}

#[test]
fn schemas_of_the_corpus_are_read_again_as_they_were() {
    let Some(folder) = std::env::var_os("CRDGEN_CORPUS") else {
        println!("skipped: CRDGEN_CORPUS is not set");
        return;
    };
    let archive = PathBuf::from(folder).join("corpus/crds.tar.xz");
    if !archive.is_file() {
        println!("skipped: there is no {}", archive.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the corpus");
    let status = std::process::Command::new("tar").arg("-xJf").arg(&archive).arg("-C").arg(folder.path()).status();
    assert!(status.expect("tar is installed").success());
    assert!(unchanged(crds(folder.path(), 20)) > 40);
}
