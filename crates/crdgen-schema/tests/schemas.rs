//! Schemas that an API server refuses, with their diagnostics. The probes of a real server determine the schemas.

use std::sync::Arc;

use crdgen_schema::{Severity, Source, crds, documents};

/// Returns code and path below the schema of each diagnostic about a CRD with this schema.
fn said(schema: &str) -> Vec<(&'static str, String)> {
    said_in("", schema)
}

/// Returns the diagnostics as [`said`] does, with more fields in the version.
fn said_in(version: &str, schema: &str) -> Vec<(&'static str, String)> {
    let text = format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: widgets.example.com}}
spec:
  group: example.com
  names: {{kind: Widget, plural: widgets}}
  scope: Namespaced
  versions:
  - {{name: v1, served: true, storage: true, {version} schema: {{openAPIV3Schema: {schema}}}}}
"
    );
    let source = Arc::new(Source { name: "a.yaml".into(), text });
    let mut diagnostics = Vec::new();
    let documents = documents(&source, &mut diagnostics);
    assert_eq!(documents.len(), 1, "{diagnostics:?}");
    let found = crds(documents, &mut diagnostics);
    diagnostics.retain(|found| found.severity == Severity::Error);
    assert_eq!(found.crds.is_empty(), !diagnostics.is_empty());
    let path = |path: &str| {
        let (_, path) = path.split_once("spec.versions[0].").expect("every finding is in the version");
        path.strip_prefix("schema.openAPIV3Schema").unwrap_or(path).trim_start_matches('.').to_owned()
    };
    let findings = diagnostics.iter();
    findings
        .map(|found| {
            assert!(found.place.is_some() && (found.help.is_some() || found.code == "crd::type"), "{found:?}");
            (found.code, path(found.path.as_deref().expect("every finding has a path")))
        })
        .collect()
}

/// Returns the diagnostics about a schema that is the field `a` of the root.
fn said_of_field(schema: &str) -> Vec<(&'static str, String)> {
    let field = said(&format!("{{type: object, properties: {{a: {schema}}}}}"));
    field
        .into_iter()
        .map(|(code, path)| {
            let path = path.strip_prefix("properties.a").expect("it is about the field");
            (code, path.trim_start_matches('.').to_owned())
        })
        .collect()
}

#[test]
fn fields_that_are_refused() {
    let cases = [
        // Not structural.
        ("{}", "schema::no-type", "type"),
        ("{type: array}", "schema::no-items", "items"),
        ("{type: array, items: {}}", "schema::no-type", "items.type"),
        ("{type: array, items: [{type: string}]}", "schema::forbidden", "items"),
        ("{type: [string, 'null']}", "schema::type", "type"),
        ("{type: text}", "schema::type", "type"),
        ("{type: 'null'}", "schema::type", "type"),
        ("{type: object, properties: {b: {properties: {c: {type: string}}}}}", "schema::no-type", "properties.b.type"),
        ("{type: object, properties: {b.c: {}}}", "schema::no-type", "properties[b.c].type"),
        // Forbidden keywords.
        ("{type: object, $ref: '#/a'}", "schema::forbidden", "$ref"),
        ("{type: object, definitions: {b: {}}}", "schema::forbidden", "definitions"),
        ("{type: object, patternProperties: {b: {}}}", "schema::forbidden", "patternProperties"),
        ("{type: object, dependencies: {}}", "schema::forbidden", "dependencies"),
        ("{type: string, id: b}", "schema::forbidden", "id"),
        ("{type: array, items: {type: string}, additionalItems: false}", "schema::forbidden", "additionalItems"),
        ("{type: array, items: {type: string}, uniqueItems: true}", "schema::forbidden", "uniqueItems"),
        (
            "{type: object, x-kubernetes-preserve-unknown-fields: false}",
            "schema::forbidden",
            "x-kubernetes-preserve-unknown-fields",
        ),
        (
            "{type: object, properties: {b: {type: string}}, additionalProperties: false}",
            "schema::additional",
            "additionalProperties",
        ),
        // Ill-typed keywords.
        ("{type: integer, exclusiveMaximum: 5}", "crd::type", "exclusiveMaximum"),
        ("{type: string, maxLength: 1.5}", "crd::type", "maxLength"),
        ("{type: integer, maximum: '5'}", "crd::type", "maximum"),
        ("{type: object, required: a}", "crd::type", "required"),
        ("{type: object, properties: [a]}", "crd::type", "properties"),
        ("text", "crd::type", ""),
        // Branches.
        ("{type: string, anyOf: [{type: string}]}", "schema::branch", "anyOf[0].type"),
        ("{type: string, oneOf: [{description: b}]}", "schema::branch", "oneOf[0].description"),
        ("{type: string, not: {default: b}}", "schema::branch", "not.default"),
        (
            "{type: object, allOf: [{properties: {b: {nullable: true}}}]}",
            "schema::branch",
            "allOf[0].properties.b.nullable",
        ),
        ("{type: object, anyOf: [{properties: {metadata: {}}}]}", "schema::branch", "anyOf[0].properties.metadata"),
        (
            "{type: object, anyOf: [{x-kubernetes-validations: [{rule: 'true'}]}]}",
            "schema::branch",
            "anyOf[0].x-kubernetes-validations",
        ),
        // int-or-string.
        (
            "{type: string, x-kubernetes-int-or-string: true, x-kubernetes-preserve-unknown-fields: true}",
            "schema::int-or-string",
            "x-kubernetes-preserve-unknown-fields",
        ),
        // Embedded objects and metadata.
        ("{type: object, x-kubernetes-embedded-resource: true}", "schema::embedded", "properties"),
        (
            "{type: string, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}",
            "schema::embedded",
            "type",
        ),
        (
            "{type: object, x-kubernetes-embedded-resource: true, properties: {kind: {type: integer}}}",
            "schema::metadata",
            "properties.kind.type",
        ),
        // Lists and maps.
        ("{type: object, x-kubernetes-list-type: set}", "schema::list-type", "type"),
        (
            "{type: array, items: {type: string}, x-kubernetes-list-type: bag}",
            "schema::list-type",
            "x-kubernetes-list-type",
        ),
        (
            "{type: array, items: {type: object}, x-kubernetes-list-type: set}",
            "schema::list-type",
            "items.x-kubernetes-map-type",
        ),
        (
            "{type: array, items: {type: string, nullable: true}, x-kubernetes-list-type: set}",
            "schema::list-type",
            "items.nullable",
        ),
        (
            "{type: array, items: {type: array, items: {type: string}, x-kubernetes-list-type: set}, x-kubernetes-list-type: set}",
            "schema::list-type",
            "items.x-kubernetes-list-type",
        ),
        (
            "{type: array, items: {type: string}, x-kubernetes-list-map-keys: [b]}",
            "schema::list-type",
            "x-kubernetes-list-type",
        ),
        (
            "{type: array, items: {type: object}, x-kubernetes-list-type: map}",
            "schema::list-type",
            "x-kubernetes-list-map-keys",
        ),
        (
            "{type: array, items: {type: object}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b]}",
            "schema::list-type",
            "x-kubernetes-list-map-keys",
        ),
        (
            "{type: array, items: {type: string}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b]}",
            "schema::list-type",
            "items.type",
        ),
        (
            "{type: array, items: {type: object, properties: {b: {type: string}}}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b]}",
            "schema::list-type",
            "items.properties.b.default",
        ),
        ("{type: string, x-kubernetes-map-type: atomic}", "schema::map-type", "type"),
        ("{type: object, x-kubernetes-map-type: loose}", "schema::map-type", "x-kubernetes-map-type"),
        // Patterns, defaults and rules.
        ("{type: string, pattern: '(?!b)'}", "schema::pattern", "pattern"),
        ("{type: string, not: {pattern: 'b++'}}", "schema::pattern", "not.pattern"),
        ("{type: integer, default: b}", "schema::default", "default"),
        ("{type: string, enum: [b], default: c}", "schema::default", "default"),
        ("{type: string, maxLength: 1, default: bc}", "schema::default", "default"),
        (
            "{type: object, properties: {b: {type: string, default: c}}, required: [b], default: {}}",
            "schema::default",
            "default",
        ),
        ("{type: object, properties: {b: {type: string}}, default: {c: d}}", "schema::default", "default"),
        (
            "{type: array, items: {type: object, properties: {b: {type: string}}}, default: [{b: 1}]}",
            "schema::default",
            "default",
        ),
        ("{type: object, x-kubernetes-validations: [{rule: ''}]}", "schema::rule", "x-kubernetes-validations[0].rule"),
        (
            "{type: object, x-kubernetes-validations: [{rule: \"a\\nb\"}]}",
            "schema::rule",
            "x-kubernetes-validations[0].message",
        ),
        (
            "{type: object, x-kubernetes-validations: [{rule: b, reason: Because}]}",
            "schema::rule",
            "x-kubernetes-validations[0].reason",
        ),
        (
            "{type: object, properties: {b: {type: string}}, x-kubernetes-validations: [{rule: b, fieldPath: .c}]}",
            "schema::rule",
            "x-kubernetes-validations[0].fieldPath",
        ),
    ];
    for (schema, code, path) in cases {
        assert_eq!(said_of_field(schema), [(code, path.to_owned())], "{schema}");
    }
}

#[test]
fn roots_that_are_refused() {
    let cases = [
        ("{type: string}", "schema::root", "type"),
        ("{}", "schema::no-type", "type"),
        ("{type: object, nullable: true}", "schema::root", "nullable"),
        ("{type: object, additionalProperties: {type: string}}", "schema::root", "additionalProperties"),
        ("{type: object, properties: {metadata: {type: string}}}", "schema::metadata", "properties.metadata.type"),
        (
            "{type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}}",
            "schema::metadata",
            "properties.metadata",
        ),
        (
            "{type: object, properties: {kind: {type: string, default: a}}}",
            "schema::metadata",
            "properties.kind.default",
        ),
        ("{type: object, anyOf: [{properties: {a: {}}}]}", "schema::undeclared", "anyOf[0].properties.a"),
    ];
    for (schema, code, path) in cases {
        assert_eq!(said(schema), [(code, path.to_owned())], "{schema}");
    }
}

#[test]
fn what_refers_to_the_schema_is_checked_against_it() {
    let schema = "{type: object, properties: {a: {type: object, properties: {b: {type: string}, c: {type: number}}}}}";
    let selectable = |path: &str| said_in(&format!("selectableFields: [{{jsonPath: \"{path}\"}}],"), schema);
    assert_eq!(selectable(".a.b"), []);
    for path in [".a", ".a.c", ".a.d", ".a['b']", "a.b"] {
        assert_eq!(selectable(path), [("schema::selectable", "selectableFields[0]".to_owned())], "{path}");
    }
    let required = "{type: object, properties: {a: {type: string}}, anyOf: [{required: [a]}]}";
    assert_eq!(said(required), []);
    let with_status = said_in("subresources: {status: {}},", required);
    assert_eq!(with_status, [("schema::root", "anyOf".to_owned())]);
}

#[test]
fn schemas_that_are_accepted() {
    for schema in [
        "{x-kubernetes-preserve-unknown-fields: true}",
        "{x-kubernetes-int-or-string: true}",
        "{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}",
        "{x-kubernetes-int-or-string: true, allOf: [{anyOf: [{type: integer}, {type: string}]}, {pattern: a}]}",
        "{type: string, const: a, readOnly: true, discriminator: {}, x-other: 1}",
        "{type: object, properties: {b: {type: string}}, additionalProperties: true}",
        "{type: object, anyOf: [{properties: {undeclared: {enum: [1]}}}]}",
        "{type: object, required: [undeclared, undeclared]}",
        "{type: integer, enum: [a, a], minimum: 5, maximum: 1, default: null}",
        "{type: string, format: unheard-of, minLength: -1, description: '', title: null}",
        "{type: integer, default: 1.0}",
        "{type: object, properties: {b: {type: string}}, default: {b: c}}",
        "{type: object, x-kubernetes-preserve-unknown-fields: true, default: {b: {c: 1}}}",
        "{type: object, additionalProperties: {type: string, default: b}, default: {b: c}}",
        "{type: object, properties: {b: {type: string}}, x-kubernetes-validations: [{rule: a, fieldPath: \"['b']\"}]}",
        "{type: array, items: {type: object, properties: {b: {type: string, default: c}}}, x-kubernetes-list-type: map, \
          x-kubernetes-list-map-keys: [b]}",
    ] {
        assert_eq!(said_of_field(schema), [], "{schema}");
    }
}

#[test]
fn a_null_type_has_the_advice_to_write_nullable() {
    let diagnostics = crdgen_schema::Schema::from_json(&serde_json::json!({"type": "null"})).expect_err("no type");
    assert!(diagnostics[0].help.as_ref().is_some_and(|help| help.contains("`nullable: true`")), "{diagnostics:?}");
}

#[test]
fn every_error_of_a_schema_is_said() {
    let schema = "{type: object, properties: {a: {}, b: {type: array}, c: {type: string, pattern: '(?=a)'}}}";
    let codes: Vec<_> = said(schema).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["schema::no-type", "schema::no-items", "schema::pattern"]);
}

#[test]
fn the_deepest_schema_that_is_read_fits_the_stack_of_a_thread() {
    let nested = |levels: usize| {
        let opening = "{type: object, properties: {a: ".repeat(levels);
        format!("{opening}{{type: string, default: b}}{}", "}}".repeat(levels))
    };
    assert_eq!(said(&nested(120)), []);
}
