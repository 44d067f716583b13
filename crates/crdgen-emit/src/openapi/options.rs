//! What can be chosen about a document.

pub use crate::api::{Docs, Nulls};

/// What can be chosen.
#[derive(Clone, Debug)]
pub struct Options {
    /// The document's title.
    pub title: String,
    /// The version of the API that the document describes.
    pub version: String,
    /// How much of the CRDs' descriptions is kept.
    pub docs: Docs,
    /// The OpenAPI that it is written in.
    pub spec: Spec,
    /// How it is written down.
    pub format: Format,
    /// For whom it is written.
    pub profile: Profile,
    /// Where a request may have null. Default: where it is stored. Every other null would make a nullable field of nearly
    /// every optional one, and a write form of nearly every type.
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

/// How a document is written down.
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
