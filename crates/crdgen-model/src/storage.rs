//! What an API server forgets of a version that is not the stored one.
//!
//! Without a conversion webhook an object is stored as the storage version has it: what that schema does not declare is
//! pruned, and the object comes back without it. So a field that a version requires may be absent in what is read.

use std::borrow::Cow;

use crdgen_schema::Crd;
use crdgen_schema::crd::{Conversion, Version};
use crdgen_schema::schema::{Additional, Schema};

/// A version's schema, in which nothing is required that storing the object forgets.
pub fn returned<'a>(crd: &Crd, version: &'a Version) -> Cow<'a, Schema> {
    let stored = crd.versions.iter().find(|version| version.storage);
    match stored {
        Some(stored) if stored.name != version.name && crd.conversion == Conversion::None => {
            let mut schema = version.schema.clone();
            // `apiVersion`, `kind` and `metadata` are kept whatever a schema says, and required by none.
            relax(&mut schema, &stored.schema);
            Cow::Owned(schema)
        }
        _ => Cow::Borrowed(&version.schema),
    }
}

/// Goes down as far as the stored schema says.
fn relax(schema: &mut Schema, stored: &Schema) {
    let Schema { required, properties, .. } = schema;
    required.retain(|name| match properties.get(name) {
        Some(property) => comes_back(property, kept(stored, name)),
        // A key of a map, or one that is kept undeclared.
        None => is_implied(name) || !matches!(kept(stored, name), Kept::No),
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

/// What becomes of a property, as the stored schema has it.
#[derive(Clone, Copy)]
enum Kept<'a> {
    /// It is pruned by this schema.
    As(&'a Schema),
    /// Nobody looks into it.
    Whole,
    /// It stays, and loses what is below it.
    Emptied,
    /// It is dropped.
    No,
}

fn kept<'a>(stored: &'a Schema, name: &str) -> Kept<'a> {
    match (stored.properties.get(name), &stored.additional_properties) {
        (Some(property), _) => Kept::As(property),
        (None, Some(Additional::Schema(values))) => Kept::As(values),
        (None, _) if stored.preserve_unknown_fields => Kept::Whole,
        (None, Some(Additional::Allowed(true))) => Kept::Emptied,
        (None, _) => Kept::No,
    }
}

/// The server keeps these whatever a schema declares.
fn is_implied(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

fn comes_back(property: &Schema, kept: Kept<'_>) -> bool {
    match kept {
        // A null that the stored version does not have as a value is dropped as well.
        Kept::As(stored) => !property.nullable || stored.nullable || stored.default.is_some(),
        Kept::Whole | Kept::Emptied => true,
        Kept::No => false,
    }
}

fn relax_below(schema: &mut Schema, kept: Kept<'_>) {
    match kept {
        Kept::As(stored) => relax(schema, stored),
        Kept::Whole => {}
        Kept::Emptied | Kept::No => relax(schema, &Schema::default()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, crd, source};

    use super::*;

    /// `v1beta1` and the stored `v1`, by their schemas of `spec`.
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
        assert_eq!(schema.required, ["spec"]);
        let spec = &schema.properties["spec"];
        (spec.required.clone(), spec.properties["ref"].required.clone())
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
