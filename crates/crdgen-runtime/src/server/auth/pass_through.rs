//! Acting by the callers' own tokens.

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use kube::Config;
use kube::config::AuthInfo;

use super::Token;
use super::acting::{Acting, says_who_calls};

/// Acts by callers' tokens: the service needs no rights of its own, and the API server authorises and audits every request as
/// theirs.
#[derive(Clone)]
pub struct PassThrough {
    client: kube::Client,
}

impl PassThrough {
    /// Reaches the server of this config. Its credentials are left out, all of them: no request can fall back to the
    /// service's own account.
    ///
    /// # Errors
    ///
    /// A config that no client can be made of.
    pub fn new(mut config: Config) -> kube::Result<Self> {
        config.default_retry = false;
        config.auth_info = AuthInfo::default();
        config.headers.retain(|(name, _)| !says_who_calls(name));
        Ok(Self { client: kube::Client::try_from(config)? })
    }

    /// A client that acts by the token. It must be used where it is made: within a runtime of tokio.
    pub fn client(&self, token: &Token) -> kube::Client {
        Acting::client(&self.client, HeaderMap::from_iter([(AUTHORIZATION, token.header())]))
    }
}

impl fmt::Debug for PassThrough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassThrough").finish_non_exhaustive()
    }
}
