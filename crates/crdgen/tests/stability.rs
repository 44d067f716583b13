//! Stability of names: with a lock, no name in generated code changes when CRDs are added.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crdgen::pipeline::{self, Output, Selection, Targets};
use crdgen_emit::openapi;
use crdgen_model::{Model, Names, Shape, TypeId};
use crdgen_schema::schema::SchemaType;
use crdgen_schema::{Crd, Schema};
use serde_json::Value as Json;

/// Names by the thing that they name.
type Named = BTreeMap<String, String>;

#[test]
fn a_property_in_every_kind_moves_no_name() {
    assert_nothing_moves(|crds| {
        for schema in crds.iter_mut().flat_map(|crd| &mut crd.versions).map(|version| &mut version.schema) {
            let schema = Arc::make_mut(schema);
            let spec = schema.properties.get_mut("spec").filter(|spec| !spec.properties.is_empty());
            let free = spec.filter(|spec| !spec.properties.contains_key("conditions"));
            if let Some(spec) = free {
                spec.properties.insert("conditions".to_owned(), object("template", object("text", string())));
            }
        }
    });
}

#[test]
fn other_groups_with_the_same_kinds_move_no_name() {
    assert_nothing_moves(|crds| {
        for group in ["aaa.example.com", "zzz.example.com"] {
            let mut copies: BTreeMap<String, Crd> = BTreeMap::new();
            for crd in crds.iter().filter(|crd| !crd.group.starts_with("aaa.")) {
                copies.insert(crd.names.kind.clone(), renamed(crd, group, &crd.names.kind, &crd.names.plural));
            }
            crds.extend(copies.into_values());
        }
    });
}

#[test]
fn kinds_called_like_types_and_operations_move_no_name() {
    assert_nothing_moves(|crds| {
        let types = generate(crds, &Names::default()).model.types;
        let words = types.iter().map(|def| def.name.clone());
        let affixed = crds.iter().take(12).flat_map(|crd| {
            ["Status", "Scale", "s", "Input", "List", "ForAllNamespaces"]
                .map(|affix| format!("{}{affix}", crd.names.kind))
        });
        let kubernetes = ["Status", "Scale", "ObjectMeta", "OwnerReference", "Problem"].map(str::to_owned);
        let like = crds[0].clone();
        let kinds: Vec<String> = words.chain(affixed).chain(kubernetes).collect();
        for kind in kinds {
            let plural = format!("{}s", kind.to_ascii_lowercase());
            let new = renamed(&like, &like.group, &kind, &plural);
            if !crds.iter().any(|crd| crd.names.kind == new.names.kind || crd.names.plural == new.names.plural) {
                crds.push(new);
            }
        }
    });
}

#[test]
fn a_better_and_a_worse_version_move_no_name() {
    assert_nothing_moves(|crds| {
        for crd in crds {
            for name in ["v99", "v1alpha0"] {
                let mut version = crd.versions[0].clone();
                version.name = name.to_owned();
                version.storage = false;
                version.served = true;
                Arc::make_mut(&mut version.schema).properties.insert("added".to_owned(), object("text", string()));
                crd.versions.push(version);
            }
        }
    });
}

#[test]
fn the_order_of_crds_and_versions_moves_no_name() {
    assert_nothing_moves(|crds| {
        crds.reverse();
        crds.iter_mut().for_each(|crd| crd.versions.reverse());
    });
}

/// Asserts that everything that had a name before the change has the same name after it.
#[track_caller]
fn assert_nothing_moves(change: impl Fn(&mut Vec<Crd>)) {
    let mut crds = fixtures();
    let before = generate(&crds, &Names::default());
    change(&mut crds);
    let (old, new) = (named(&before), named(&generate(&crds, &before.names)));
    assert!(old.len() > 5_000, "{} names only", old.len());
    let moved = old.iter().filter(|(what, name)| new.get(*what) != Some(*name));
    let moved: Vec<String> = moved.map(|(what, name)| format!("{what}: {name} -> {:?}", new.get(what))).collect();
    assert!(moved.is_empty(), "{} of {} moved:\n{}", moved.len(), old.len(), moved[..moved.len().min(20)].join("\n"));
}

#[test]
fn a_kind_that_joins_changes_nothing_in_the_document_of_the_others() {
    let folder = format!("{}/../../examples/ci-service/crds", env!("CARGO_MANIFEST_DIR"));
    let all = pipeline::read(&[folder], io::empty()).crds;
    for joins in &all {
        let others: Vec<Crd> = all.iter().filter(|crd| crd.name != joins.name).cloned().collect();
        let before = generate(&others, &Names::default());
        let after = generate(&all, &before.names);
        let [before, after]: [Json; 2] =
            [before, after].map(|output| serde_json::from_str(&output.openapi["openapi.json"]).expect("is JSON"));
        for pointer in ["/paths", "/components/schemas", "/components/parameters", "/components/responses"] {
            let old = before.pointer(pointer).and_then(Json::as_object).expect("is an object");
            let changed =
                old.iter().find(|(key, value)| after.pointer(pointer).and_then(|new| new.get(key)) != Some(*value));
            assert_eq!(changed, None, "{} joins, {pointer} changes", joins.name);
        }
    }
}

/// Returns every CRD of this repository that an API server accepts.
fn fixtures() -> Vec<Crd> {
    let root = env!("CARGO_MANIFEST_DIR");
    let folders = ["fixtures/accepted", "examples/ci-service/crds"].map(|folder| format!("{root}/../../{folder}"));
    pipeline::read(&folders, io::empty()).crds
}

fn generate(crds: &[Crd], locked: &Names) -> Output {
    let targets = Targets {
        openapi: Some(openapi::Options { docs: openapi::Docs::None, ..Default::default() }),
        ..Targets::default()
    };
    pipeline::generate(crds, &Selection::default(), &targets, locked).expect("is generated")
}

/// Returns the type at every path of every kind, and every name in the paths of the OpenAPI document.
fn named(output: &Output) -> Named {
    let mut named = Named::new();
    for resource in &output.model.resources {
        let path = format!("{}/{}/{}", resource.group, resource.version, resource.kind);
        types(&output.model, resource.root, path, &mut named);
    }
    let document: Json = serde_json::from_str(&output.openapi["openapi.json"]).expect("is JSON");
    texts(&document["paths"], "paths", &mut named);
    named
}

fn types(model: &Model, id: TypeId, path: String, named: &mut Named) {
    let def = model.get(id);
    if let Shape::Object(object) = &def.shape {
        let below = object.fields.iter().filter_map(|field| Some((field, field.slot.ty.named()?)));
        below.for_each(|(field, id)| types(model, id, format!("{path}.{}", field.wire), named));
    }
    named.insert(path, def.name.clone());
}

fn texts(value: &Json, path: &str, named: &mut Named) {
    match value {
        Json::Object(map) => map.iter().for_each(|(key, value)| texts(value, &format!("{path} {key}"), named)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| texts(item, &format!("{path} {at}"), named))
        }
        Json::String(text) if !path.ends_with(" description") => drop(named.insert(path.to_owned(), text.clone())),
        _ => {}
    }
}

fn renamed(crd: &Crd, group: &str, kind: &str, plural: &str) -> Crd {
    let mut crd = crd.clone();
    crd.name = format!("{plural}.{group}");
    crd.group = group.to_owned();
    crd.names.kind = kind.to_owned();
    crd.names.list_kind = format!("{kind}List");
    crd.names.plural = plural.to_owned();
    crd
}

fn object(property: &str, schema: Schema) -> Schema {
    let properties = [(property.to_owned(), schema)].into_iter().collect();
    Schema { type_: Some(SchemaType::Object), properties, ..Schema::default() }
}

fn string() -> Schema {
    Schema { type_: Some(SchemaType::String), ..Schema::default() }
}
