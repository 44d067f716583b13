//! Reading of a version of a CRD.

use std::sync::Arc;

use super::{Column, Scale, Version, pruned};
use crate::name::{self, LABEL};
use crate::report::{Fields, Path, Report};
use crate::{Diagnostic, Node, Schema, schema, structural};

const VERSION: [&str; 9] = [
    "additionalPrinterColumns",
    "deprecated",
    "deprecationWarning",
    "name",
    "schema",
    "selectableFields",
    "served",
    "storage",
    "subresources",
];

const SCALE: [&str; 3] = ["labelSelectorPath", "specReplicasPath", "statusReplicasPath"];

const COLUMN: [&str; 6] = ["description", "format", "jsonPath", "name", "priority", "type"];

const COLUMN_TYPES: [&str; 5] = ["integer", "number", "string", "boolean", "date"];
const COLUMN_FORMATS: [&str; 8] = ["int32", "int64", "float", "double", "byte", "date", "date-time", "password"];
const MAX_DEPRECATION_WARNING: usize = 256;

/// Reads a version. Checks everything that does not depend on other versions.
pub(super) fn read(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Version {
    let span = node.span;
    let errors = report.errors();
    let mut fields = Fields::new(node, path, report);
    fields.only("a version", &VERSION, report);
    let subresources_path = path.field("subresources");
    let mut subresources = fields.object_or_empty("subresources", &subresources_path, report);
    subresources.only("`subresources`", &["scale", "status"], report);
    let version = Version {
        span,
        name: name(&mut fields, report),
        served: fields.boolean("served", report).unwrap_or_default(),
        storage: fields.boolean("storage", report).unwrap_or_default(),
        deprecated: deprecated(&mut fields, report),
        schema: Arc::new(schema(&mut fields, path, report)),
        status: status(&mut subresources, &subresources_path, report),
        scale: subresources.take("scale").map(|node| scale(node, &subresources_path.field("scale"), report)),
        columns: columns(&mut fields, path, report),
        selectable_fields: selectable_fields(&mut fields, path, report),
    };
    // Otherwise the checks would report an unreadable field as missing.
    if report.errors() == errors {
        structural::check(&version, path, report);
        pruned::check(&version.schema, &path.field("schema").field("openAPIV3Schema"), report);
    }
    version
}

fn name(fields: &mut Fields<'_>, report: &mut Report<'_>) -> String {
    let name = fields.required("name", report);
    if !name.is_empty() && !name::is_label(&name) {
        fields.error("name", "crd::invalid", format!("`{name}` is not a valid version name: expected {LABEL}"), report);
    }
    name
}

fn schema(fields: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Schema {
    let path = path.field("schema");
    let mut validation = fields.object_or_empty("schema", &path, report);
    validation.only("`schema` of a version", &["openAPIV3Schema"], report);
    match validation.take("openAPIV3Schema") {
        Some(node) => schema::read(node, &path.field("openAPIV3Schema"), report),
        None => {
            let error = Diagnostic::error("crd::no-schema", "this version has no schema");
            let help =
                "write at least `type: object`; add `x-kubernetes-preserve-unknown-fields: true` to keep all fields";
            validation.add("openAPIV3Schema", error.help(help), report);
            Schema::default()
        }
    }
}

fn deprecated(fields: &mut Fields<'_>, report: &mut Report<'_>) -> Option<String> {
    let deprecated = fields.boolean("deprecated", report).unwrap_or_default();
    let warning = fields.string("deprecationWarning", report);
    let problem = match &warning {
        None => None,
        Some(_) if !deprecated => Some("allowed only in a version with `deprecated: true`".to_owned()),
        Some(text) if text.is_empty() => Some("must not be empty".to_owned()),
        Some(text) if text.len() > MAX_DEPRECATION_WARNING => {
            Some(format!("must not be longer than {MAX_DEPRECATION_WARNING} bytes"))
        }
        Some(text) if text.contains(char::is_control) => Some("must not contain control characters".to_owned()),
        Some(_) => None,
    };
    if let Some(problem) = problem {
        fields.error("deprecationWarning", "crd::invalid", problem, report);
    }
    deprecated.then(|| warning.unwrap_or_default())
}

fn status(subresources: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> bool {
    let Some(node) = subresources.take("status") else { return false };
    Fields::new(node, &path.field("status"), report).only("`subresources.status`", &[], report);
    true
}

fn scale(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Scale {
    let mut fields = Fields::new(node, path, report);
    fields.only("`subresources.scale`", &SCALE, report);
    let scale = Scale {
        spec_replicas_path: fields.required("specReplicasPath", report),
        status_replicas_path: fields.required("statusReplicasPath", report),
        label_selector_path: fields.string("labelSelectorPath", report).filter(|path| !path.is_empty()),
    };
    let mut check = |field: &str, value: &str, parents: &[&str]| {
        if !value.is_empty() && !parents.iter().any(|parent| value.starts_with(parent)) {
            let message = format!("`{value}` must be a path that starts with {}", parents.join(" or "));
            fields.error(field, "crd::scale", message, report);
        }
    };
    check("specReplicasPath", &scale.spec_replicas_path, &[".spec."]);
    check("statusReplicasPath", &scale.status_replicas_path, &[".status."]);
    check("labelSelectorPath", scale.label_selector_path.as_deref().unwrap_or_default(), &[".spec.", ".status."]);
    scale
}

fn columns(fields: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Vec<Column> {
    let path = path.field("additionalPrinterColumns");
    let nodes = fields.list("additionalPrinterColumns", report).into_iter().enumerate();
    nodes.map(|(index, node)| column(node, &path.index(index), report)).collect()
}

fn column(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Column {
    let mut fields = Fields::new(node, path, report);
    fields.only("a column", &COLUMN, report);
    let column = Column {
        name: fields.required("name", report),
        type_: fields.required("type", report),
        format: fields.string("format", report).filter(|format| !format.is_empty()),
        description: fields.string("description", report),
        json_path: fields.required("jsonPath", report),
        priority: fields.integer("priority", report).unwrap_or_default(),
        span: fields.span_of("jsonPath"),
    };
    let mut refuse = |field: &str, value: &str, help: String| {
        let error = Diagnostic::error("crd::column", format!("`{value}` is not a valid {field} of a column"));
        fields.add(field, error.help(help), report);
    };
    if !column.type_.is_empty() && !COLUMN_TYPES.contains(&&*column.type_) {
        refuse("type", &column.type_, format!("use one of {}", COLUMN_TYPES.join(", ")));
    }
    if let Some(format) = column.format.as_deref().filter(|format| !COLUMN_FORMATS.contains(format)) {
        refuse("format", format, format!("use one of {}", COLUMN_FORMATS.join(", ")));
    }
    if !column.json_path.is_empty() && !column.json_path.starts_with('.') {
        refuse("jsonPath", &column.json_path, "write a path that starts with a dot, such as .status.phase".into());
    }
    column
}

fn selectable_fields(fields: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Vec<String> {
    let path = path.field("selectableFields");
    let nodes = fields.list("selectableFields", report).into_iter().enumerate();
    nodes.map(|(index, node)| selectable_field(node, &path.index(index), report)).collect()
}

fn selectable_field(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> String {
    let mut fields = Fields::new(node, path, report);
    fields.only("a selectable field", &["jsonPath"], report);
    fields.required("jsonPath", report)
}
