//! Callers of the API and their permissions.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use crdgen_runtime::Resource as _;
use crdgen_runtime::backend::Reason;
use crdgen_runtime::problem::Problem;
use crdgen_runtime::server::{Principal, Subresource, Target, Verb};
use sha2::{Digest as _, Sha256};

use crate::generated::ci_example_com::v1::Runner;
use crate::service::{Service, Store};

/// A caller with a bearer token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Name of the caller.
    pub name: String,
    /// Role that decides what the caller may do.
    pub role: Role,
}

/// Role of a caller. Each role includes the permissions of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// May read.
    Viewer,
    /// May also write objects in a namespace.
    Developer,
    /// May also write runners and every status.
    Operator,
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.name
    }
}

impl Caller {
    /// Checks that the caller's role allows `verb` on `target`.
    ///
    /// # Errors
    ///
    /// Returns a problem with reason `Forbidden` if the role does not allow it.
    pub fn may(&self, verb: Verb, target: &Target) -> Result<(), Problem> {
        let needed = needed(verb, target);
        if self.role >= needed {
            return Ok(());
        }
        let detail = format!("{} may not {} {}", self.name, verb.as_str(), target.resource);
        Err(Problem::new(Reason::Forbidden, detail))
    }
}

fn needed(verb: Verb, target: &Target) -> Role {
    match (verb, target.subresource) {
        (Verb::Get | Verb::List | Verb::Watch, _) => Role::Viewer,
        (_, Some(Subresource::Status)) => Role::Operator,
        _ if target.resource == Runner::PLURAL => Role::Operator,
        _ => Role::Developer,
    }
}

/// Callers by the digests of their tokens. The time of a lookup reveals nothing about a token, and neither does the
/// debug output.
#[derive(Clone, Debug, Default)]
pub struct Tokens(Arc<HashMap<Digest, Caller>>);

type Digest = [u8; 32];

fn digest(token: &str) -> Digest {
    Sha256::digest(token).into()
}

impl Tokens {
    fn caller(&self, parts: &Parts) -> Option<Caller> {
        let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else { return None };
        let header = header.to_str().ok()?;
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| self.0.get(&digest(token)).cloned())?
    }
}

/// Parses one caller per line: token, name and role. `#` starts a comment.
impl FromStr for Tokens {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let callers = lines.map(|(index, line)| entry(line).with_context(|| format!("line {}", index + 1)));
        Ok(Self(Arc::new(callers.collect::<anyhow::Result<_>>()?)))
    }
}

fn entry(line: &str) -> anyhow::Result<(Digest, Caller)> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [token, name, role] = words[..] else { bail!("expected a token, a name and a role") };
    let role = match role {
        "viewer" => Role::Viewer,
        "developer" => Role::Developer,
        "operator" => Role::Operator,
        _ => bail!("{role:?} is not viewer, developer or operator"),
    };
    Ok((digest(token), Caller { name: name.to_owned(), role }))
}

/// Extractor of the generated routes. Its state is the service.
impl<S: Store> FromRequestParts<Service<S>> for Caller {
    type Rejection = ([(axum::http::HeaderName, &'static str); 1], Problem);

    async fn from_request_parts(parts: &mut Parts, service: &Service<S>) -> Result<Self, Self::Rejection> {
        service.tokens().caller(parts).ok_or_else(|| {
            let problem = Problem::new(Reason::Unauthorized, "the bearer token is missing or unknown");
            ([(WWW_AUTHENTICATE, "Bearer")], problem)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_file_names_callers_and_says_where_it_is_wrong() {
        let tokens: Tokens = "# comment\n\ns3cret ada operator\n".parse().unwrap();
        assert_eq!(tokens.0[&digest("s3cret")], Caller { name: "ada".into(), role: Role::Operator });
        let error = "a b viewer\nc d admin\n".parse::<Tokens>().unwrap_err();
        assert_eq!(format!("{error:#}"), "line 2: \"admin\" is not viewer, developer or operator");
    }
}
