//! Short CRDs for tests.

use std::sync::Arc;

use crdgen_schema::{Crd, Source, crd, source};

/// Returns a CRD of `group`. Each version has a schema, written as the YAML below `properties:` of the root. The first
/// version is the stored one.
pub fn crd(group: &str, kind: &str, versions: &[(&str, &str)]) -> Crd {
    let plural = format!("{}s", kind.to_lowercase());
    let mut text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: {plural}.{group}}}\n\
         spec:\n  group: {group}\n  scope: Namespaced\n  names: {{kind: {kind}, plural: {plural}}}\n  versions:\n"
    );
    for (index, (version, properties)) in versions.iter().enumerate() {
        text += &format!(
            "  - name: {version}\n    served: true\n    storage: {}\n    schema:\n      openAPIV3Schema:\n        \
             type: object\n        properties: {properties}\n",
            index == 0
        );
    }
    let source = Arc::new(Source { name: format!("{kind}.yaml"), text });
    let mut diagnostics = Vec::new();
    let documents = source::documents(&source, &mut diagnostics);
    let mut found = crd::crds(documents, &mut diagnostics);
    assert_eq!(found.refused, 0, "{diagnostics:#?}");
    found.crds.remove(0)
}
