//! Random objects, null among them, held against the schema of what is written and against the rules of an API server.
//!
//! The two must agree in both directions, so the random schemas have none of what JSON Schema says less of: formats and
//! integers of 32 bits, keys of lists, rules, embedded objects, fractions that Go rounds, and numbers of keys beside
//! defaults. JSON Schema counts a key with null that a server drops: objects that are refused for it are counted apart.

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Selection, Targets};
use crdgen_emit::json_schema;
use crdgen_harness::Verdict;
use crdgen_schema::{Admission, Crd};
use jsonschema::{Validator, draft202012};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::differential::dice::Dice;
use crate::differential::{object, schema};

/// So many objects of each schema: to prepare one costs more than to judge an object.
const OBJECTS: usize = 40;
/// So many differences are printed.
const SHOWN: usize = 20;

/// Figures over all objects.
#[derive(Default, Serialize)]
struct Figures {
    objects: usize,
    /// Schemas that a server takes.
    schemas: usize,
    /// Objects with null somewhere below `spec` or `status`.
    with_null: usize,
    /// Objects that a server accepts.
    accepted: usize,
    /// Accepted objects that the schema refuses.
    too_strict: usize,
    /// Accepted objects that the schema refuses for null in an object whose keys are counted.
    counted: usize,
    /// Refused objects that the schema accepts.
    too_lax: usize,
    #[serde(rename = "missed")]
    shown: Vec<Value>,
}

pub fn run(objects: usize, seed: u64, json: bool) -> Result<Verdict> {
    let mut figures = Figures::default();
    let mut seed = seed << 32;
    while figures.objects < objects {
        seed += 1;
        let mut dice = Dice::new(seed);
        let counts = if dice.one_in(2) { Counts::Kept } else { Counts::Removed };
        let schema = sayable(&schema::root(&mut dice), counts);
        if let Some(kind) = Kind::new(&schema)? {
            figures.schemas += 1;
            (0..OBJECTS).for_each(|_| figures.compare(&kind, &schema, &mut dice));
        }
    }
    figures.print(json)?;
    Ok(if figures.too_strict + figures.too_lax == 0 { Verdict::Good } else { Verdict::Findings })
}

/// Both judges of a kind.
struct Kind {
    server: Admission,
    schema: Validator,
    counts_keys: bool,
}

impl Kind {
    /// None if a server does not take the schema.
    fn new(schema: &Value) -> Result<Option<Self>> {
        let input = pipeline::read(&["-".to_owned()], crd(schema).to_string().as_bytes());
        let [crd] = &input.crds[..] else { return Ok(None) };
        let written = written(crd)?;
        let server = Admission::for_version(crd, &crd.versions[0]);
        let counts_keys = ["minProperties", "maxProperties"].iter().any(|keyword| schema.to_string().contains(keyword));
        Ok(Some(Self { server, schema: draft202012::new(&written).context("a generated schema")?, counts_keys }))
    }
}

/// The generated schema of what users write.
fn written(crd: &Crd) -> Result<Value> {
    let targets = Targets { json_schema: Some(json_schema::Options::default()), ..Targets::default() };
    let crds = std::slice::from_ref(crd);
    let output = pipeline::generate(crds, &Selection::default(), &targets, &Default::default())?;
    let text = output.json_schema.get("ProbeInput.schema.json").context("ProbeInput.schema.json")?;
    Ok(serde_json::from_str(text)?)
}

fn crd(schema: &Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "probes.oracle.example.com" },
        "spec": {
            "group": "oracle.example.com",
            "names": { "kind": "Probe", "plural": "probes" },
            "scope": "Namespaced",
            "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } }],
        },
    })
}

impl Kind {
    /// Whether an object is refused for null that the server drops, where keys are counted.
    fn counts_null(&self, object: &Value) -> bool {
        let mut without = object.clone();
        self.server.read(&mut without);
        self.counts_keys && self.schema.is_valid(&without)
    }
}

impl Figures {
    fn compare(&mut self, kind: &Kind, schema: &Value, dice: &mut Dice) {
        let mut object = object::object(dice, schema);
        let mut nulls = 0;
        for part in ["spec", "status"] {
            if let Some(value) = object.get_mut(part) {
                sprinkle(dice, value, &mut nulls);
            }
        }
        let verdict = kind.server.validate(&object, None);
        let is_accepted = verdict.is_accepted() && verdict.unknown_fields.is_empty();
        let is_valid = kind.schema.is_valid(&object);
        self.objects += 1;
        self.with_null += usize::from(nulls > 0);
        self.accepted += usize::from(is_accepted);
        if is_accepted && !is_valid && kind.counts_null(&object) {
            self.counted += 1;
            return;
        }
        self.too_strict += usize::from(is_accepted && !is_valid);
        self.too_lax += usize::from(!is_accepted && is_valid);
        if is_accepted != is_valid && self.shown.len() < SHOWN {
            let errors: Vec<_> = kind.schema.iter_errors(&object).map(|error| error.to_string()).collect();
            let causes: Vec<_> =
                verdict.causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
            self.shown.push(json!({ "schema": schema, "object": object, "server": causes, "json-schema": errors }));
        }
    }

    fn print(&self, json: bool) -> Result<()> {
        self.shown.iter().for_each(|difference| println!("{difference}"));
        println!("{} objects of {} schemas, {} with null", self.objects, self.schemas, self.with_null);
        let Self { accepted, too_strict, counted, .. } = self;
        println!(
            "{accepted} accepted by the server: the schema refuses {too_strict}, and {counted} for keys that it counts"
        );
        println!("{} refused by the server: the schema accepts {}", self.objects - self.accepted, self.too_lax);
        if json {
            println!("{}", serde_json::to_string(self)?);
        }
        Ok(())
    }
}

/// Puts null in some places.
fn sprinkle(dice: &mut Dice, value: &mut Value, nulls: &mut usize) {
    if dice.one_in(14) {
        *value = Value::Null;
    }
    match value {
        Value::Null => *nulls += 1,
        Value::Object(fields) => fields.values_mut().for_each(|value| sprinkle(dice, value, nulls)),
        Value::Array(items) => items.iter_mut().for_each(|value| sprinkle(dice, value, nulls)),
        _ => {}
    }
}

/// Whether a schema bounds numbers of keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Kept,
    Removed,
}

/// A schema without what JSON Schema says less of.
fn sayable(schema: &Value, counts: Counts) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let mut kept: Map<String, Value> = keywords.clone();
    for keyword in ["format", "x-kubernetes-validations", "x-kubernetes-embedded-resource"] {
        kept.remove(keyword);
    }
    if kept.get("x-kubernetes-list-type").is_some_and(|list_type| list_type != "atomic") {
        kept.remove("x-kubernetes-list-type");
        kept.remove("x-kubernetes-list-map-keys");
    }
    for keyword in ["multipleOf", "minimum"] {
        if kept.get(keyword).is_some_and(Value::is_f64) {
            kept.remove(keyword);
        }
    }
    if kept.get("additionalProperties") == Some(&Value::Bool(true)) || is_bare(&kept) {
        kept.remove("additionalProperties");
        kept.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
    }
    let mut fills = false;
    if let Some(properties) = kept.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(|property| *property = sayable(property, counts));
        fills = properties.values().any(|property| property.get("default").is_some());
    }
    if fills || counts == Counts::Removed {
        kept.remove("minProperties");
        kept.remove("maxProperties");
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(below) = kept.get_mut(keyword) {
            *below = sayable(below, counts);
        }
    }
    let mut kept = Value::Object(kept);
    leave_out_bad_default(&mut kept);
    kept
}

/// Removes a default that a server refuses once it has filled it in. A server checks no default of a map's values, and all
/// others without the defaults below them.
fn leave_out_bad_default(schema: &mut Value) {
    let object = json!({ "apiVersion": "v1", "kind": "Value", "metadata": { "name": "one" } });
    let of_value = json!({ "type": "object", "properties": { "value": schema } });
    let is_good = || Admission::from_json(&of_value).is_ok_and(|server| server.validate(&object, None).is_accepted());
    if schema.get("default").is_some()
        && !is_good()
        && let Some(keywords) = schema.as_object_mut()
    {
        keywords.remove("default");
    }
}

/// An object of which nothing is kept.
fn is_bare(keywords: &Map<String, Value>) -> bool {
    let is_object = keywords.get("type").is_some_and(|name| name == "object");
    is_object && !keywords.contains_key("properties") && !keywords.contains_key("additionalProperties")
}
