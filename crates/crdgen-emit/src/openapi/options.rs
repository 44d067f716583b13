//! Options of the OpenAPI emitter.

pub use crate::api::{Docs, Nulls};

/// Options of the OpenAPI emitter.
#[derive(Clone, Debug)]
pub struct Options {
    /// Title of the document.
    pub title: String,
    /// Version of the API, not of the OpenAPI Specification.
    pub version: String,
    /// Extent of the CRDs' descriptions in the document.
    pub docs: Docs,
    /// OpenAPI version of the document.
    pub spec: Spec,
    /// File format of the document.
    pub format: Format,
    /// Dialect of the document, for tools that cannot read the standard one.
    pub profile: Profile,
    /// Slots in which a request may have null. Default: those in which null is stored. With every other null, nearly every
    /// optional field would be nullable, and nearly every type would have a write form of its own.
    pub nulls: Nulls,
}

/// A version of the OpenAPI Specification. Both documents say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spec {
    /// 3.0.3, which every tool reads.
    #[default]
    V3_0,
    /// 3.1.0, whose schemas are JSON Schema 2020-12.
    V3_1,
}

/// File format of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `openapi.json`
    #[default]
    Json,
    /// `openapi.yaml`
    Yaml,
}

impl Format {
    /// The name of the document's file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Json => "openapi.json",
            Self::Yaml => "openapi.yaml",
        }
    }
}

/// For whom a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// For all tools that read media types for what they are.
    #[default]
    Standard,
    /// For progenitor, which knows JSON under its plain name only: patches and problems are `application/json`. A server
    /// takes patches under that name too, and clients decode problems whatever they are called. And it takes the default
    /// answer for one of success: failures are `4XX` and `5XX`.
    Progenitor,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: "Kubernetes custom resources".to_owned(),
            version: "1.0.0".to_owned(),
            docs: Docs::Full,
            spec: Spec::default(),
            format: Format::default(),
            profile: Profile::default(),
            nulls: Nulls::default(),
        }
    }
}
