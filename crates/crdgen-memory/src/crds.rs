//! In-memory backend whose kinds come from CRDs.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crdgen_backend::{Result, WriteOptions};
use crdgen_schema::{Diagnostic, Severity, Source, crd, source};

use super::kind::Kind;
use super::kinds::Kinds;
use super::store::SharedStore;
use super::{MemoryBackend, Objects};

/// Errors in CRDs, each with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrdError(String);

impl MemoryBackend {
    /// Creates an empty store for the kinds of the given CRDs. The store has no other kinds.
    ///
    /// `crds` is YAML with any number of documents, or JSON, as `kubectl apply` accepts them. Pass a parsed CRD as its
    /// JSON (`crd.to_string()`). Objects are validated, defaulted and pruned by the schemas of the CRDs, not by those
    /// of their types.
    ///
    /// ```
    /// # use crdgen_runtime::backend::memory::MemoryBackend;
    /// # use crdgen_runtime::backend::Key;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let backend = MemoryBackend::from_crds(r#"
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata: {name: lamps.example.com}
    /// spec:
    ///   group: example.com
    ///   scope: Cluster
    ///   names: {kind: Lamp, plural: lamps}
    ///   versions:
    ///   - name: v1
    ///     served: true
    ///     storage: true
    ///     schema:
    ///       openAPIV3Schema:
    ///         type: object
    ///         properties:
    ///           spec: {type: object, default: {}, properties: {color: {type: string, enum: [red, green], default: red}}}
    /// "#)?;
    /// let lamps = backend.objects("lamps.example.com", "v1")?;
    /// let lamp = serde_json::json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "a"}});
    /// assert_eq!(lamps.create(None, lamp)?["spec"]["color"], "red");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when the text cannot be read, or when an API server would refuse one of the CRDs.
    pub fn from_crds(crds: &str) -> std::result::Result<Self, CrdError> {
        let source = Arc::new(Source { name: "crds".to_owned(), text: crds.to_owned() });
        let mut diagnostics = Vec::new();
        let documents = source::documents(&source, &mut diagnostics);
        let found = crd::crds(documents, &mut diagnostics);
        let errors: Vec<_> = diagnostics.iter().filter(|found| found.severity == Severity::Error).map(line).collect();
        match (errors.is_empty(), found.crds.is_empty()) {
            (false, _) => return Err(CrdError(errors.join("\n"))),
            (true, true) => return Err(CrdError("the text contains no CustomResourceDefinition".to_owned())),
            (true, false) => {}
        }
        let mut kinds = HashMap::new();
        for crd in &found.crds {
            for version in crd.versions.iter().filter(|version| version.served) {
                let kind = Kind::of_crd(crd, version);
                kinds.insert((kind.resource.clone(), kind.api_version.clone()), Arc::new(kind));
            }
        }
        Ok(Self {
            store: SharedStore::default(),
            kinds: Arc::new(Kinds::OfCrds(kinds)),
            options: WriteOptions::default(),
        })
    }

    /// Returns the objects of a kind as JSON. `crd` is the name of the CRD (`plural.group`). Works only for a store
    /// created with [`from_crds`](Self::from_crds).
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotFound`](crdgen_backend::Reason::NotFound) when the store has no such CRD or version.
    pub fn objects(&self, crd: &str, version: &str) -> Result<Objects> {
        let kind = self.kinds.named(crd, version)?;
        Ok(Objects { store: self.store.clone(), kind, options: self.options.clone() })
    }
}

fn line(diagnostic: &Diagnostic) -> String {
    match &diagnostic.place {
        Some(place) => format!("line {}: {}", place.span.line, diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

impl fmt::Display for CrdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CrdError {}
