//! Options of the OpenAPI emitter.

use serde::{Deserialize, Serialize};

pub use crate::api::{Docs, Nulls};

/// Options of the OpenAPI emitter.
#[derive(Clone, Debug)]
pub struct Options {
    /// Title of the document.
    pub title: String,
    /// Version of the API, not of the OpenAPI Specification.
    pub version: String,
    /// Description of the API, in Markdown.
    pub description: String,
    /// People who answer questions about the API.
    pub contact: Option<Contact>,
    /// Addresses of the API. Default: `/`, the server that serves the document.
    pub servers: Vec<Server>,
    /// Ways in which callers authenticate. Each of them is enough. Default: none, so the document asks for nothing.
    pub security: Vec<Security>,
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

/// People who answer questions about the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name of a person or an organisation.
    pub name: Option<String>,
    /// URL of a page.
    pub url: Option<String>,
    /// Email address.
    pub email: Option<String>,
}

impl Contact {
    pub(super) fn write(&self) -> openapiv3::Contact {
        let Self { name, url, email } = self.clone();
        openapiv3::Contact { name, url, email, ..openapiv3::Contact::default() }
    }
}

/// Address of the API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Prefix of every path: a URL, or a path on the server that serves the document.
    pub url: String,
    /// Description of the server, for example `Production`.
    pub description: Option<String>,
}

impl Server {
    pub(super) fn write(&self) -> openapiv3::Server {
        let Self { url, description } = self.clone();
        openapiv3::Server { url, description, ..openapiv3::Server::default() }
    }
}

/// A way in which callers authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// A bearer token in the header `Authorization`.
    Bearer,
    /// A token of an OpenID provider, in the header `Authorization`.
    OpenIdConnect {
        /// URL of the provider's discovery document, which ends in `/.well-known/openid-configuration`.
        discovery: String,
    },
}

/// Value of `openapi.spec`: version of the OpenAPI Specification. Both documents say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
pub enum Spec {
    /// OpenAPI 3.0.3, which every tool reads.
    #[default]
    #[serde(rename = "3.0")]
    V3_0,
    /// OpenAPI 3.1.0, whose schemas are JSON Schema 2020-12.
    #[serde(rename = "3.1")]
    V3_1,
}

/// Value of `openapi.format`: file format of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// JSON, with two spaces of indentation.
    #[default]
    Json,
    /// YAML, with two spaces of indentation.
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

/// Value of `openapi.profile`: dialect of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Standard OpenAPI, for all tools but those that have a profile here.
    #[default]
    Standard,
    /// For progenitor: every body is `application/json`, and failures are `4XX` and `5XX`.
    ///
    /// progenitor reads no other media type, and reads the `default` answer as a success.
    Progenitor,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: "Kubernetes custom resources".to_owned(),
            version: "1.0.0".to_owned(),
            description: "Custom resources of a Kubernetes API.".to_owned(),
            contact: None,
            servers: vec![Server { url: "/".to_owned(), description: None }],
            security: Vec::new(),
            docs: Docs::Full,
            spec: Spec::default(),
            format: Format::default(),
            profile: Profile::default(),
            nulls: Nulls::default(),
        }
    }
}
