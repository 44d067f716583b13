//! Values that the scale subresource of the new CRD refuses.

use crdgen_schema::crd::{Scale, Version};
use crdgen_schema::schema::SchemaType;
use crdgen_schema::{Crd, Schema};
use serde_json::json;

use crate::change::{Change, Keyword, Sides};
use crate::effect::at;
use crate::finding::Finding;
use crate::path::{FieldPath, Step};
use crate::walk;

/// Returns a finding for each field that the new scale subresource refers to, and the old one does not, if the old
/// schema allows values that a server refuses there.
pub(crate) fn findings(old: &Crd, new: &Crd) -> Vec<Finding> {
    let pairs = old.versions.iter().filter_map(|before| {
        let after = new.versions.iter().find(|after| after.name == before.name)?;
        Some((before, after))
    });
    pairs.flat_map(|(before, after)| of_versions(Sides { old, new }, before, after)).collect()
}

fn of_versions(crds: Sides<&Crd>, before: &Version, after: &Version) -> Vec<Finding> {
    let Some(scale) = &after.scale else { return Vec::new() };
    let known: Vec<&str> = before.scale.iter().flat_map(paths).map(|(path, _)| path).collect();
    let come = paths(scale).into_iter().filter(|(path, _)| !known.contains(path));
    come.filter_map(|(path, is_count)| {
        let steps: Vec<Step> =
            path.split('.').filter(|name| !name.is_empty()).map(|name| Step::Field(name.to_owned())).collect();
        let schema = at(&before.schema, &steps)?;
        let is_refused = if is_count { allows_other_counts(schema) } else { allows_other_texts(schema) };
        if !is_refused {
            return None;
        }
        let change = Change {
            crds,
            versions: Sides { old: Some(before), new: Some(after) },
            path: FieldPath::new(steps.clone()),
            schemas: Sides { old: Some(schema), new: at(&after.schema, &steps) },
            keyword: Keyword::Scale,
            values: Sides { old: None, new: Some(json!(path)) },
            ..walk::added(crds.new)
        };
        let finding = Finding::of(&change).with_rule("scale-value-refused");
        let message = format!("{}: {path}", finding.rule.title);
        Some(Finding { message, ..finding }.placed_again(&change))
    })
    .collect()
}

/// Returns the paths of a scale subresource, each with whether it leads to a count.
fn paths(scale: &Scale) -> Vec<(&str, bool)> {
    let selector = scale.label_selector_path.as_deref().map(|path| (path, false));
    [(scale.spec_replicas_path.as_str(), true), (scale.status_replicas_path.as_str(), true)]
        .into_iter()
        .chain(selector)
        .collect()
}

/// Returns whether a schema allows other values than integers from 0 to 2147483647.
fn allows_other_counts(schema: &Schema) -> bool {
    let most = f64::from(i32::MAX);
    let is_small =
        schema.format.as_deref() == Some("int32") || schema.bounds.maximum.is_some_and(|bound| bound <= most);
    let is_positive = schema.bounds.minimum.is_some_and(|least| least >= 0.0);
    schema.type_ != Some(SchemaType::Integer) || schema.int_or_string || schema.nullable || !is_small || !is_positive
}

fn allows_other_texts(schema: &Schema) -> bool {
    schema.type_ != Some(SchemaType::String) || schema.int_or_string || schema.nullable
}
