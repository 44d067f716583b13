//! Options of the OpenAPI emitter.

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

/// People who answer questions about an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// Address of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
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
