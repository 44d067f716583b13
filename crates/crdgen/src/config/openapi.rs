//! `[openapi]`: the OpenAPI document.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crdgen_emit::openapi;
use crdgen_schema::{Diagnostic, Source};
use serde::de::{self, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::toml_place;

/// Settings of `[openapi]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenApi {
    /// File of the document.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    path: Spanned<PathBuf>,
    /// `info.title` of the document.
    pub title: Option<String>,
    /// `info.version` of the document.
    pub version: Option<String>,
    /// `info.description` of the document, in Markdown.
    pub description: Option<String>,
    /// People who answer questions about the API: `info.contact` of the document.
    pub contact: Option<openapi::Contact>,
    /// Addresses of the API; `/` when absent.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "Vec<openapi::Server>"))]
    servers: Vec<Spanned<openapi::Server>>,
    /// Ways in which callers authenticate, each of which is enough. When absent, `"bearer"` if `rbac.callers` is not
    /// `"service"`, and otherwise none.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(schema_with = "super::schema::security"))]
    security: Option<Spanned<Security>>,
    /// URL of the discovery document of the OpenID provider, for `"oidc"` in `security`.
    #[serde(rename = "oidc-discovery")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
    oidc_discovery: Option<Spanned<String>>,
    /// Extent of the CRDs' descriptions in the document.
    #[serde(default)]
    pub docs: openapi::Docs,
    /// OpenAPI version of the document.
    #[serde(default)]
    pub spec: openapi::Spec,
    /// File format of the document. If absent, the file's extension decides.
    pub format: Option<openapi::Format>,
    /// Dialect of the document, for tools that cannot read the standard one.
    #[serde(default)]
    pub profile: openapi::Profile,
    /// Fields that may be null in a request; `value` when absent.
    pub null: Option<openapi::Nulls>,
}

/// Way in which callers authenticate: a value of `openapi.security`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// A bearer token.
    Bearer,
    /// A token of an OpenID provider.
    Oidc,
}

/// One value of [`Scheme`], or a list of them.
#[derive(Clone, Debug)]
struct Security(Vec<Scheme>);

impl<'de> Deserialize<'de> for Security {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecurityVisitor)
    }
}

struct SecurityVisitor;

impl<'de> Visitor<'de> for SecurityVisitor {
    type Value = Security;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"bearer\", \"oidc\" or a list of them")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Security, E> {
        Scheme::deserialize(de::value::StrDeserializer::new(text)).map(|scheme| Security(vec![scheme]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, schemes: A) -> Result<Security, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(schemes)).map(Security)
    }
}

impl OpenApi {
    /// Returns the file of the document.
    pub(super) fn path(&self) -> &Spanned<PathBuf> {
        &self.path
    }

    /// Returns the servers, or `None` if the config names none.
    pub fn servers(&self) -> Option<Vec<openapi::Server>> {
        (!self.servers.is_empty()).then(|| self.servers.iter().map(|server| server.get_ref().clone()).collect())
    }

    /// Returns the ways in which callers authenticate, each once, or `None` if the config does not have the key.
    pub fn security(&self) -> Option<Vec<openapi::Security>> {
        let Security(schemes) = self.security.as_ref()?.get_ref();
        let mut security = Vec::new();
        for scheme in schemes {
            let way = match (scheme, &self.oidc_discovery) {
                (Scheme::Bearer, _) => openapi::Security::Bearer,
                (Scheme::Oidc, Some(url)) => openapi::Security::OpenIdConnect { discovery: url.get_ref().clone() },
                // The config was refused.
                (Scheme::Oidc, None) => continue,
            };
            if !security.contains(&way) {
                security.push(way);
            }
        }
        Some(security)
    }

    /// Returns the first problem that TOML and serde cannot detect.
    pub(super) fn problem(&self, source: &Arc<Source>) -> Option<Diagnostic> {
        let at = |offset| toml_place::span(&source.text, offset);
        let oidc = self.security.as_ref().filter(|security| security.get_ref().0.contains(&Scheme::Oidc));
        match (oidc, &self.oidc_discovery) {
            (Some(security), None) => {
                let message = "`oidc` needs the URL of the provider's discovery document";
                let found = Diagnostic::error("config::oidc", message).at(source, at(security.span().start));
                return Some(
                    found.help("add `oidc-discovery = \"https://PROVIDER/.well-known/openid-configuration\"`"),
                );
            }
            (None, Some(url)) => {
                let message = "`oidc-discovery` has no effect, because `security` does not have `oidc`";
                let found = Diagnostic::error("config::oidc", message).at(source, at(url.span().start));
                return Some(found.help("add `oidc` to `security`, or remove `oidc-discovery`"));
            }
            _ => {}
        }
        let urls = self.servers.iter().map(|server| (server.get_ref().url.as_str(), server.span().start));
        let discovery = self.oidc_discovery.iter().map(|url| (url.get_ref().as_str(), url.span().start));
        let is_url = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let wrong = urls
            .filter(|(url, _)| !is_url(url) && !url.starts_with('/'))
            .chain(discovery.filter(|(url, _)| !is_url(url)))
            .next()?;
        let message = format!("`{}` is not an address", wrong.0.escape_debug());
        let found = Diagnostic::error("config::url", message).at(source, at(wrong.1));
        Some(found.help("write a URL that begins with `https://` or `http://`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FILE_NAME};

    fn parse(keys: &str) -> Result<OpenApi, Box<Diagnostic>> {
        let text = format!("version = 1\n[openapi]\npath = 'a.json'\n{keys}\n");
        let config = Config::parse(&Arc::new(Source { name: FILE_NAME.into(), text }))?;
        Ok(config.openapi.expect("the table is present"))
    }

    fn refused(keys: &str) -> (&'static str, usize) {
        let error = parse(keys).expect_err("the config is wrong");
        (error.code, error.place.expect("the diagnostic has a place").span.line)
    }

    const PROVIDER: &str = "https://id.example.org/.well-known/openid-configuration";

    #[test]
    fn security_is_one_scheme_or_several() {
        let bearer = openapi::Security::Bearer;
        let oidc = openapi::Security::OpenIdConnect { discovery: PROVIDER.to_owned() };
        let security = |keys: &str| parse(keys).expect("the config is right").security();
        assert_eq!(security(""), None);
        assert_eq!(security("security = []"), Some(Vec::new()));
        assert_eq!(security("security = 'bearer'"), Some(vec![bearer.clone()]));
        let both = format!("security = ['oidc', 'bearer', 'oidc']\noidc-discovery = '{PROVIDER}'");
        assert_eq!(security(&both), Some(vec![oidc, bearer]));
    }

    #[test]
    fn oidc_and_its_provider_need_each_other() {
        assert_eq!(refused("security = ['bearer',\n'oidc']"), ("config::oidc", 4));
        assert_eq!(refused(&format!("security = 'bearer'\noidc-discovery = '{PROVIDER}'")), ("config::oidc", 5));
        assert_eq!(refused("security = 'basic'"), ("config::invalid", 4));
    }

    #[test]
    fn an_address_is_a_url() {
        assert!(parse("servers = [{ url = '/api' }, { url = 'https://harbour.example.org' }]").is_ok());
        assert_eq!(refused("\nservers = [{ url = 'harbour.example.org' }]"), ("config::url", 5));
        assert_eq!(refused("security = 'oidc'\noidc-discovery = '/d'"), ("config::url", 5));
    }
}
