//! Security schemes: the ways in which callers authenticate.

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, SecurityRequirement, SecurityScheme};

use super::Security;

/// Returns the schemes by their names in the document.
pub fn schemes(security: &[Security]) -> IndexMap<String, ReferenceOr<SecurityScheme>> {
    security.iter().map(|way| (way.name().to_owned(), ReferenceOr::Item(way.scheme()))).collect()
}

/// Returns the requirements of every operation. A request has to meet one of them; none if the document says nothing
/// about its callers.
pub fn requirements(security: &[Security]) -> Vec<SecurityRequirement> {
    security.iter().map(|way| SecurityRequirement::from([(way.name().to_owned(), Vec::new())])).collect()
}

impl Security {
    fn name(&self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::OpenIdConnect { .. } => "oidc",
        }
    }

    fn scheme(&self) -> SecurityScheme {
        match self {
            Self::Bearer => SecurityScheme::HTTP {
                scheme: "bearer".to_owned(),
                bearer_format: None,
                description: Some("Access token, sent as `Authorization: Bearer TOKEN`.".to_owned()),
                extensions: IndexMap::new(),
            },
            Self::OpenIdConnect { discovery } => SecurityScheme::OpenIDConnect {
                open_id_connect_url: discovery.clone(),
                description: Some("Token of the OpenID provider, sent as `Authorization: Bearer TOKEN`.".to_owned()),
                extensions: IndexMap::new(),
            },
        }
    }
}
