//! Impersonation of callers by the service's own account.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use kube::Config;

use super::User;
use super::acting::{Acting, says_who_calls};

const IMPERSONATE_USER: HeaderName = HeaderName::from_static("impersonate-user");
const IMPERSONATE_GROUP: HeaderName = HeaderName::from_static("impersonate-group");

/// Impersonates callers with the service's own account, which needs the verb `impersonate` on their `users` and
/// `groups`. The API server authorizes and audits every request as the caller's. Only name and groups are passed on:
/// uid and extra would need further rights.
#[derive(Clone)]
pub struct Impersonation {
    client: kube::Client,
}

impl Impersonation {
    /// Creates an impersonation with the account of `config`. An impersonation in `config` itself is removed.
    ///
    /// # Errors
    ///
    /// Returns an error if no client can be created from `config`.
    pub fn new(mut config: Config) -> kube::Result<Self> {
        config.default_retry = false;
        config.auth_info.impersonate = None;
        config.auth_info.impersonate_groups = None;
        config.headers.retain(|(name, _)| !says_who_calls(name));
        Ok(Self { client: kube::Client::try_from(config)? })
    }

    /// Returns a client that impersonates `user`. Must be called within a tokio runtime.
    pub fn client(&self, user: &User) -> kube::Client {
        let value = |text: &str| HeaderValue::from_bytes(text.as_bytes()).expect("a user's names can stand in headers");
        let mut headers = HeaderMap::new();
        headers.insert(IMPERSONATE_USER, value(user.name()));
        for group in user.groups() {
            headers.append(IMPERSONATE_GROUP, value(group));
        }
        Acting::client(&self.client, headers)
    }
}

impl fmt::Debug for Impersonation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Impersonation").finish_non_exhaustive()
    }
}
