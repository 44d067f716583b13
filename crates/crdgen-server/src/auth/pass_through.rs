//! Requests to the API server with the callers' own tokens.

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use kube::Config;
use kube::config::AuthInfo;

use super::Token;
use super::acting::{Acting, says_who_calls};

/// Passes callers' tokens through to the API server, which authorizes and audits every request as the caller's. The
/// service needs no rights of its own.
#[derive(Clone)]
pub struct PassThrough {
    client: kube::Client,
}

impl PassThrough {
    /// Creates a pass-through to the server of `config`. All credentials in `config` are removed, so no request can
    /// fall back to the service's own account.
    ///
    /// # Errors
    ///
    /// Returns an error if no client can be created from `config`.
    pub fn new(mut config: Config) -> kube::Result<Self> {
        config.default_retry = false;
        config.auth_info = AuthInfo::default();
        config.headers.retain(|(name, _)| !says_who_calls(name));
        Ok(Self { client: kube::Client::try_from(config)? })
    }

    /// Returns a client that sends `token`. Must be called within a tokio runtime.
    pub fn client(&self, token: &Token) -> kube::Client {
        Acting::client(&self.client, HeaderMap::from_iter([(AUTHORIZATION, token.header())]))
    }
}

impl fmt::Debug for PassThrough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassThrough").finish_non_exhaustive()
    }
}
