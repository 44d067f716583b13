//! Changes of generated code, by name.
//!
//! Both sides are lowered to models, the new one with the names of the old one, as a run after the change would do.

use std::collections::BTreeMap;

use crdgen_model::{Field, Model, Names, Shape, Slot, Type, TypeDef};
use crdgen_schema::{Crd, Diagnostic};
use serde_json::{Value as Json, json};

use crate::pipeline::{self, Selection};
use crate::report::{Finding, Level};

/// Maximum number of changes that text reports list.
const MOST: usize = 200;

/// Change of a generated type.
struct Change {
    /// Name of the type, and of a field or a value of an enum in it.
    name: String,
    before: Option<Written>,
    after: Option<Written>,
    bump: Bump,
}

/// A type in the languages that crdgen generates.
#[derive(Clone, Debug, PartialEq)]
struct Written {
    rust: String,
    typescript: String,
}

/// Part of a version that a change raises, as Semantic Versioning demands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bump {
    Minor,
    Major,
}

impl Bump {
    fn as_str(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Returns the finding about generated code, unless nothing that a program can name changes.
///
/// # Errors
///
/// Returns the diagnostics if one side cannot be generated.
pub(super) fn finding(
    old: &[Crd],
    new: &[Crd],
    selection: &Selection,
    level: Level,
) -> Result<Option<Finding>, Vec<Diagnostic>> {
    let before = pipeline::model(old, selection, &Names::default()).map_err(pipeline::Error::into_diagnostics)?;
    let after = pipeline::model(new, selection, &before.lowered.names).map_err(pipeline::Error::into_diagnostics)?;
    let changes = changes(&before.lowered.model, &after.lowered.model);
    let Some(bump) = changes.iter().map(|change| change.bump).max() else { return Ok(None) };
    let message = format!("generated code changes: {} change of the version", bump.as_str());
    let level = if bump == Bump::Major { level } else { Level::Note };
    let mut lines: Vec<String> = changes.iter().take(MOST).map(Change::line).collect();
    if changes.len() > MOST {
        lines.push(format!("and {} more", changes.len() - MOST));
    }
    let diagnostic = Diagnostic::warning("diff::generated", message);
    let mut finding =
        Finding::new(diagnostic, "generated code").level(level).note("Rust, OpenAPI and TypeScript", lines.join("\n"));
    finding.data.insert("bump".to_owned(), json!(bump.as_str()));
    finding.data.insert("changes".to_owned(), changes.iter().map(Change::json).collect());
    Ok(Some(finding))
}

impl Change {
    fn line(&self) -> String {
        let text = |written: &Option<Written>| written.as_ref().map(|written| written.rust.clone());
        match (text(&self.before), text(&self.after)) {
            (Some(before), Some(after)) => format!("{}: {before} -> {after}", self.name),
            (Some(before), None) => format!("{}: {before} is removed", self.name),
            (None, Some(after)) => format!("{}: {after} is added", self.name),
            (None, None) => self.name.clone(),
        }
    }

    fn json(&self) -> Json {
        let side = |written: &Option<Written>| {
            written.as_ref().map(|written| json!({"rust": written.rust, "typescript": written.typescript}))
        };
        json!({"name": self.name, "old": side(&self.before), "new": side(&self.after), "bump": self.bump.as_str()})
    }
}

fn changes(old: &Model, new: &Model) -> Vec<Change> {
    let by_name = |model| -> BTreeMap<String, BTreeMap<String, Written>> {
        let model: &Model = model;
        model.types.iter().map(|def| (def.name.clone(), members(model, def))).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    let mut changes = Vec::new();
    for (name, members) in &before {
        match after.get(name) {
            Some(others) => of_type(name, members, others, &mut changes),
            None => changes.push(whole(name, Some("type"), None, Bump::Major)),
        }
    }
    let added = after.keys().filter(|name| !before.contains_key(*name));
    changes.extend(added.map(|name| whole(name, None, Some("type"), Bump::Minor)));
    changes
}

fn whole(name: &str, before: Option<&str>, after: Option<&str>, bump: Bump) -> Change {
    let written = |text: &str| Written { rust: text.to_owned(), typescript: text.to_owned() };
    Change { name: name.to_owned(), before: before.map(written), after: after.map(written), bump }
}

fn of_type(name: &str, old: &BTreeMap<String, Written>, new: &BTreeMap<String, Written>, out: &mut Vec<Change>) {
    for (member, before) in old {
        let after = new.get(member);
        if after != Some(before) {
            let name = format!("{name}.{member}");
            out.push(Change { name, before: Some(before.clone()), after: after.cloned(), bump: Bump::Major });
        }
    }
    for (member, after) in new.iter().filter(|(member, _)| !old.contains_key(*member)) {
        // Constructors take required fields.
        let bump = if after.rust.starts_with("Option<") || after.rust == "value" { Bump::Minor } else { Bump::Major };
        out.push(Change { name: format!("{name}.{member}"), before: None, after: Some(after.clone()), bump });
    }
}

/// Returns the fields or values of a type.
fn members(model: &Model, def: &TypeDef) -> BTreeMap<String, Written> {
    match &def.shape {
        Shape::Object(object) => {
            object.fields.iter().map(|field| (field.wire.clone(), of_field(model, field))).collect()
        }
        Shape::Enum(variants) => {
            let written = Written { rust: "value".to_owned(), typescript: "value".to_owned() };
            variants.iter().map(|variant| (variant.wire.clone(), written.clone())).collect()
        }
    }
}

fn of_field(model: &Model, field: &Field) -> Written {
    let Written { rust, typescript } = of_slot(model, &field.slot);
    // The server fills in a default, so writers may leave the field out.
    match field.required && field.default.is_none() {
        true => Written { rust, typescript },
        false => Written { rust: format!("Option<{rust}>"), typescript: format!("{typescript} | undefined") },
    }
}

fn of_slot(model: &Model, slot: &Slot) -> Written {
    let both = |rust: &str, typescript: &str| Written { rust: rust.to_owned(), typescript: typescript.to_owned() };
    let written = match &slot.ty {
        Type::Boolean => both("bool", "boolean"),
        Type::Integer { int32: true } => both("i32", "number"),
        Type::Integer { int32: false } => both("i64", "number"),
        Type::Number { float32: true } => both("f32", "number"),
        Type::Number { float32: false } => both("f64", "number"),
        Type::String { .. } => both("String", "string"),
        Type::IntOrString => both("IntOrString", "number | string"),
        Type::AnyObject => both("JsonObject", "{ [key: string]: unknown }"),
        Type::Any => both("Value", "unknown"),
        Type::Named(id) => both(&model.get(*id).name, &model.get(*id).name),
        Type::List { items, .. } => {
            let Written { rust, typescript } = of_slot(model, items);
            Written { rust: format!("Vec<{rust}>"), typescript: format!("({typescript})[]") }
        }
        Type::Map(values) => {
            let Written { rust, typescript } = of_slot(model, values);
            Written { rust: format!("Map<{rust}>"), typescript: format!("{{ [key: string]: {typescript} }}") }
        }
    };
    match slot.nullable {
        true => {
            Written { rust: format!("Option<{}>", written.rust), typescript: format!("{} | null", written.typescript) }
        }
        false => written,
    }
}
