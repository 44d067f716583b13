//! Limits on the size of a CRD.
//!
//! An API server does not store a larger CRD: it refuses a request above 3 MiB, and etcd refuses a value above 1.5 MiB
//! by default. Generating code from 3 MiB can still take minutes and gigabytes, so the weight of the schemas is limited
//! too: to about ten seconds and a gigabyte. The figures in parentheses are those of the largest published CRDs.

use super::Version;
use crate::report::{Path, Report};
use crate::schema::Schema;
use crate::{Diagnostic, Node, Span, Value};

/// Maximum size of a CRD as JSON, in bytes (1.5 million).
const MAX_BYTES: usize = 3 << 20;

/// Maximum number of `spec.versions` (a dozen).
const MAX_VERSIONS: usize = 64;

/// Maximum weight of all schemas together (153,818), see [`weight`].
const MAX_WEIGHT: usize = 600_000;

/// Maximum length of a property's name, in bytes (47).
const MAX_NAME: usize = 256;

/// Weights by the time and memory that generating code takes. A unit is some 20 microseconds and 1.5 KiB.
mod weight {
    /// Weight of a version, which has files of its own (a dozen).
    pub(super) const VERSION: usize = 500;
    /// Weight of a node: a property, items, values or a branch (10,505).
    pub(super) const NODE: usize = 10;
    /// Weight of a node if there are several versions, between which objects are converted.
    pub(super) const CONVERTED_NODE: usize = 17;
    /// Weight of an enum, which becomes a type (108).
    pub(super) const ENUM: usize = 20;
    /// Weight of a value of an enum (1,466).
    pub(super) const ENUM_VALUE: usize = 3;
    /// Weight of a value in a default.
    pub(super) const DEFAULT_VALUE: usize = 1;
    /// Weight of a line of a description (16,132).
    pub(super) const LINE: usize = 1;
    /// Weight of a CEL rule (218).
    pub(super) const RULE: usize = 6;
    /// Bytes of a node's path, which is written beside the generated code, per unit of weight.
    pub(super) const PATH_BYTES: usize = 200;
}

const CODE: &str = "crd::too-large";

/// Returns whether a CRD is within the size of a request. Adds an error if not.
pub(super) fn check_size(root: &Node, report: &mut Report<'_>) -> bool {
    let mut room = MAX_BYTES;
    if take_json(root, &mut room) {
        return true;
    }
    let message = format!("the CRD is larger than {} MiB as JSON, and no API server accepts that", MAX_BYTES >> 20);
    let help = "remove descriptions, and properties that are not needed";
    add(report, root.span, &Path::root("spec"), message, help);
    false
}

/// Returns whether the number of versions is within the limit. Adds an error if not.
pub(super) fn check_versions(count: usize, span: Span, path: &Path<'_>, report: &mut Report<'_>) -> bool {
    if count <= MAX_VERSIONS {
        return true;
    }
    let message = format!("there are {count} versions; the limit is {MAX_VERSIONS}");
    add(report, span, path, message, "remove versions that are no longer served");
    false
}

/// Adds errors if the schemas of all versions together are too heavy, or if a name is too long.
pub(super) fn check_schemas(versions: &[Version], path: &Path<'_>, report: &mut Report<'_>) {
    let mut is_over = false;
    weigh(versions, path, &mut |total, schema, path| {
        if total > MAX_WEIGHT && !is_over {
            is_over = true;
            let message = format!(
                "the schemas of the CRD are too large to generate code from: up to this node their weight is {total}; \
                 the limit is {MAX_WEIGHT}, or about {} nodes",
                MAX_WEIGHT / node_weight(versions)
            );
            let help = "declare parts that the service does not need as `x-kubernetes-preserve-unknown-fields: true`, \
                        shorten enums and descriptions, or remove versions";
            add(report, schema.span, path, message, help);
        }
        if let Some(name) = schema.properties.keys().find(|name| name.len() > MAX_NAME) {
            let message = format!("the property's name is {} bytes long; the limit is {MAX_NAME}", name.len());
            add(report, schema.properties[name].span, &path.field("properties"), message, "give it a shorter name");
        }
    });
}

fn add(report: &mut Report<'_>, span: Span, path: &Path<'_>, message: String, help: &str) {
    report.add(Diagnostic::error(CODE, message).help(help), span, path);
}

/// Subtracts the size of a value as JSON from `room`. Returns false if it does not fit.
fn take_json(node: &Node, room: &mut usize) -> bool {
    let bytes = match &node.value {
        Value::Null | Value::Bool(_) | Value::Float(_) => 4,
        Value::Int(value) => 1 + value.unsigned_abs().checked_ilog10().unwrap_or_default() as usize,
        Value::String(text) => 2 + text.len(),
        Value::List(items) => 1 + items.len().max(1),
        Value::Map(entries) => 1 + entries.iter().map(|entry| 4 + entry.key.len()).sum::<usize>().max(1),
    };
    let Some(left) = room.checked_sub(bytes) else { return false };
    *room = left;
    node.items().iter().all(|value| take_json(value, room))
        && node.entries().iter().all(|entry| take_json(&entry.value, room))
}

fn node_weight(versions: &[Version]) -> usize {
    if versions.len() > 1 { weight::CONVERTED_NODE } else { weight::NODE }
}

/// Returns the weight of all schemas. Each node is visited with the total weight up to it.
fn weigh(versions: &[Version], path: &Path<'_>, visit: &mut dyn FnMut(usize, &Schema, &Path<'_>)) -> usize {
    let mut weigher = Weigher { node: node_weight(versions), total: 0, visit };
    for (index, version) in versions.iter().enumerate() {
        weigher.total += weight::VERSION;
        let path = path.index(index);
        let path = path.field("schema");
        let path = path.field("openAPIV3Schema");
        weigher.schema(&version.schema, &path, path.bytes());
    }
    weigher.total
}

struct Weigher<'v> {
    /// Weight of a node.
    node: usize,
    /// Weight so far.
    total: usize,
    visit: &'v mut dyn FnMut(usize, &Schema, &Path<'_>),
}

impl Weigher<'_> {
    /// Adds the weight of a node, whose path has this many bytes, and of those below it.
    fn schema(&mut self, schema: &Schema, path: &Path<'_>, bytes: usize) {
        self.total += self.of(schema) + bytes / weight::PATH_BYTES;
        (self.visit)(self.total, schema, path);
        schema.each_below(path, &mut |below, below_path| {
            self.schema(below, below_path, below_path.bytes_below(Some((path, bytes))));
        });
    }

    /// Returns the weight of a node, without its path and the nodes below it.
    fn of(&self, schema: &Schema) -> usize {
        let values = match schema.enum_.len() {
            0 => 0,
            values => weight::ENUM + weight::ENUM_VALUE * values,
        };
        let lines = schema.description.as_deref().map_or(0, |text| 1 + text.matches('\n').count());
        let default = schema.default.as_deref().map_or(0, count);
        let rules = schema.validations.len();
        self.node + values + weight::LINE * lines + weight::DEFAULT_VALUE * default + weight::RULE * rules
    }
}

/// Returns the number of values in a value, including itself.
fn count(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        serde_json::Value::Object(fields) => 1 + fields.values().map(count).sum::<usize>(),
        _ => 1,
    }
}
