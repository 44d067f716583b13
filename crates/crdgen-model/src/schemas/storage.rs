//! Fields that an API server drops from objects of a version that is not the storage version.
//!
//! Without a conversion webhook an object is stored in the form of the storage version. Fields that its schema does not
//! declare are pruned, so the object comes back without them. A field that a version requires may therefore be absent
//! in responses.

use std::borrow::Cow;

use crdgen_schema::Crd;
use crdgen_schema::crd::{Conversion, Version};
use crdgen_schema::schema::{Additional, Schema};

/// Returns a version's schema, in which no field is required that storage drops.
pub fn returned<'a>(crd: &Crd, version: &'a Version) -> Cow<'a, Schema> {
    let stored = crd.versions.iter().find(|version| version.storage);
    match stored {
        Some(stored) if stored.name != version.name && crd.conversion == Conversion::None => {
            let mut schema = Schema::clone(&version.schema);
            // The server keeps `apiVersion`, `kind` and `metadata` whatever a schema declares, and the model has no
            // fields for them in a root.
            relax(&mut schema, &stored.schema);
            Cow::Owned(schema)
        }
        _ => Cow::Borrowed(&version.schema),
    }
}

/// Removes names from `required` that the stored schema does not keep, at every depth.
fn relax(schema: &mut Schema, stored: &Schema) {
    let Schema { required, properties, .. } = schema;
    required.retain(|name| match properties.get(name) {
        Some(property) => comes_back(property, kept(stored, name)),
        // The name is a key of a map, or an undeclared key that is kept.
        None => is_implied(name) || !matches!(kept(stored, name), Pruning::No),
    });
    for (name, property) in properties {
        relax_below(property, kept(stored, name));
    }
    if let Some(Additional::Schema(values)) = &mut schema.additional_properties {
        relax_below(values, kept(stored, ""));
    }
    if let Some(items) = &mut schema.items {
        match &stored.items {
            Some(stored) => relax(items, stored),
            None if stored.preserve_unknown_fields => {}
            None => relax(items, &Schema::default()),
        }
    }
}

/// Treatment of a property by the stored schema.
#[derive(Clone, Copy)]
enum Pruning<'a> {
    /// The property is pruned by this schema.
    As(&'a Schema),
    /// The property is kept whole.
    Whole,
    /// The property is kept without its contents.
    Emptied,
    /// The property is dropped.
    No,
}

fn kept<'a>(stored: &'a Schema, name: &str) -> Pruning<'a> {
    match (stored.properties.get(name), &stored.additional_properties) {
        (Some(property), _) => Pruning::As(property),
        (None, Some(Additional::Schema(values))) => Pruning::As(values),
        (None, _) if stored.preserve_unknown_fields => Pruning::Whole,
        (None, Some(Additional::Allowed(true))) => Pruning::Emptied,
        (None, _) => Pruning::No,
    }
}

/// Returns whether the server keeps a property whatever the schema declares.
fn is_implied(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

fn comes_back(property: &Schema, kept: Pruning<'_>) -> bool {
    match kept {
        // A null is dropped too if the stored schema neither allows null nor has a default.
        Pruning::As(stored) => !property.nullable || stored.nullable || stored.default.is_some(),
        Pruning::Whole | Pruning::Emptied => true,
        Pruning::No => false,
    }
}

fn relax_below(schema: &mut Schema, kept: Pruning<'_>) {
    match kept {
        Pruning::As(stored) => relax(schema, stored),
        Pruning::Whole => {}
        Pruning::Emptied | Pruning::No => relax(schema, &Schema::default()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, crd, source};

    use super::*;

    /// Returns a CRD with `v1beta1` and the stored `v1`, given by their schemas of `spec`.
    fn crd(beta: &str, stable: &str, conversion: &str) -> Crd {
        let version = |name: &str, storage: bool, spec: &str| {
            format!(
                "  - {{name: {name}, served: true, storage: {storage}, schema: {{openAPIV3Schema: {{type: object, \
                 required: [spec], properties: {{spec: {spec}}}}}}}}}\n"
            )
        };
        let text = format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.example.com}}\n\
             spec:\n  group: example.com\n  scope: Cluster\n  names: {{kind: A, plural: as}}\n{conversion}  versions:\n{}{}",
            version("v1beta1", false, beta),
            version("v1", true, stable)
        );
        let mut diagnostics = Vec::new();
        let source = Arc::new(Source { name: "a.yaml".to_owned(), text });
        let mut found = crd::crds(source::documents(&source, &mut diagnostics), &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        found.crds.remove(0)
    }

    const BETA: &str = "{type: object, required: [ref, name], properties: {name: {type: string}, ref: {type: object, \
                        required: [kind], properties: {kind: {type: string}}}}}";

    fn required(beta: &str, stable: &str, conversion: &str) -> (Vec<String>, Vec<String>) {
        let crd = crd(beta, stable, conversion);
        let schema = returned(&crd, &crd.versions[0]);
        assert_eq!(*schema.required, ["spec"]);
        let spec = &schema.properties["spec"];
        (spec.required.to_vec(), spec.properties["ref"].required.to_vec())
    }

    #[test]
    fn what_the_stored_version_does_not_have_is_not_required() {
        let (spec, _) = required(BETA, "{type: object, properties: {name: {type: string}}}", "");
        assert_eq!(spec, ["name"]);
        let (spec, reference) =
            required(BETA, "{type: object, properties: {name: {type: string}, ref: {type: object}}}", "");
        assert_eq!((spec.join(" "), reference.join(" ")), ("ref name".to_owned(), String::new()));
    }

    #[test]
    fn what_is_kept_as_it_is_stays_required() {
        for stable in [BETA, "{type: object, x-kubernetes-preserve-unknown-fields: true}"] {
            let (spec, reference) = required(BETA, stable, "");
            assert_eq!((spec.join(" "), reference.join(" ")), ("ref name".to_owned(), "kind".to_owned()));
        }
    }

    #[test]
    fn a_webhook_is_trusted() {
        let webhook = "  conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: \
                       'https://example.com'}}}\n";
        let (spec, _) = required(BETA, "{type: object, properties: {}}", webhook);
        assert_eq!(spec, ["ref", "name"]);
    }

    #[test]
    fn the_stored_version_is_as_it_is() {
        let crd = crd(BETA, BETA, "");
        assert!(matches!(returned(&crd, &crd.versions[1]), Cow::Borrowed(_)));
    }
}
