//! Who calls, in the terms of Kubernetes' `authentication/v1` `UserInfo`.

use std::collections::BTreeMap;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use super::{Refused, Reviewer, Token};
use crate::backend::Malformed;
use crate::server::{Principal, trace};

/// Who calls. Name and groups can stand in a header as they are, whatever they came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UserInfo", into = "UserInfo")]
pub struct User {
    name: String,
    uid: String,
    groups: Vec<String>,
    extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// A user, for a service that finds out by itself who calls.
    ///
    /// # Errors
    ///
    /// A name or group that is empty, or that would not be the same in a header.
    pub fn new(name: impl Into<String>, groups: impl IntoIterator<Item = String>) -> Result<Self, Malformed> {
        let info = UserInfo { username: name.into(), groups: groups.into_iter().collect(), ..UserInfo::default() };
        info.try_into()
    }

    /// The name, unique among active users.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id, unique for all time; empty when there is none.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The groups.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// What else is known of the user, such as the pod that a token is bound to.
    pub fn extra(&self) -> &BTreeMap<String, Vec<String>> {
        &self.extra
    }
}

/// The caller is the user's name, unique among active users.
impl Principal for User {
    fn id(&self) -> &str {
        &self.name
    }
}

/// `authentication/v1` `UserInfo`, as it is sent.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct UserInfo {
    username: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    uid: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extra: BTreeMap<String, Vec<String>>,
}

impl TryFrom<UserInfo> for User {
    type Error = Malformed;

    fn try_from(UserInfo { username: name, uid, groups, extra }: UserInfo) -> Result<Self, Malformed> {
        match std::iter::once(&name).chain(&groups).find(|text| !is_plain(text)) {
            Some(text) => Err(Malformed::new(format!("{text:?} is not the name of a user or group"))),
            None => Ok(Self { name, uid, groups, extra }),
        }
    }
}

impl From<User> for UserInfo {
    fn from(User { name: username, uid, groups, extra }: User) -> Self {
        Self { username, uid, groups, extra }
    }
}

/// Whether a header says the same: space at the ends is dropped on the way, which would make another user of it.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains('\t') && HeaderValue::from_bytes(text.as_bytes()).is_ok()
}

/// The user that a bearer token belongs to, by the service's [`Reviewer`].
impl<S> FromRequestParts<S> for User
where
    S: Send + Sync,
    Reviewer: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let token = Token::of(&parts.headers)?;
        let user = Reviewer::from_ref(state).user(&token).await?;
        trace::caller(user.name());
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_a_header() {
        for good in ["ada", "system:serviceaccount:a:b", "ada lovelace", "ü@example.com", "a,b"] {
            assert_eq!(User::new(good, [good.to_owned()]).unwrap().name(), good);
        }
        for bad in ["", " ada", "ada ", "a\r\nImpersonate-Group: system:masters", "a\nb", "a\tb", "a\0b", "\u{a0}ada"] {
            User::new(bad, []).unwrap_err();
            User::new("ada", [bad.to_owned()]).unwrap_err();
        }
    }
}
