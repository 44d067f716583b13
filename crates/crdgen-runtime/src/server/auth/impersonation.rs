//! Acting on behalf of callers by the service's own account.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use kube::Config;

use super::User;
use super::acting::{Acting, says_who_calls};

const IMPERSONATE_USER: HeaderName = HeaderName::from_static("impersonate-user");
const IMPERSONATE_GROUP: HeaderName = HeaderName::from_static("impersonate-group");

/// Acts as callers by the service's own account, which needs `impersonate` on the `users` and `groups` that they are: the API
/// server then authorises and audits every request as theirs. Name and groups are passed on; uid and extra, which need rights
/// of their own, are not.
#[derive(Clone)]
pub struct Impersonation {
    client: kube::Client,
}

impl Impersonation {
    /// Acts by the account of this config. If the config impersonates somebody itself, that is left out.
    ///
    /// # Errors
    ///
    /// A config that no client can be made of.
    pub fn new(mut config: Config) -> kube::Result<Self> {
        config.default_retry = false;
        config.auth_info.impersonate = None;
        config.auth_info.impersonate_groups = None;
        config.headers.retain(|(name, _)| !says_who_calls(name));
        Ok(Self { client: kube::Client::try_from(config)? })
    }

    /// A client that is the user. It must be used where it is made: within a runtime of tokio.
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
