//! Authenticated user, as `UserInfo` of Kubernetes' `authentication/v1`.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use crdgen_backend::MalformedInput;
use serde::{Deserialize, Serialize};

use crate::Principal;

/// Authenticated user. Its name and groups are valid header values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UserInfo", into = "UserInfo")]
pub struct User {
    name: String,
    uid: String,
    groups: Vec<String>,
    extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// Creates a user, for a service that authenticates callers by itself.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or a group is empty, or would not pass through a header unchanged.
    pub fn new(name: impl Into<String>, groups: impl IntoIterator<Item = String>) -> Result<Self, MalformedInput> {
        let info = UserInfo { username: name.into(), groups: groups.into_iter().collect(), ..UserInfo::default() };
        info.try_into()
    }

    /// Returns the name, unique among active users.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the uid, unique for all time. Empty if there is none.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// Returns the groups of the user.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Returns further facts about the user, such as the pod that a token is bound to.
    pub fn extra(&self) -> &BTreeMap<String, Vec<String>> {
        &self.extra
    }
}

/// Identifies the caller by the user's name, unique among active users.
impl Principal for User {
    fn id(&self) -> &str {
        &self.name
    }
}

/// `authentication/v1` `UserInfo` as JSON.
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
    type Error = MalformedInput;

    fn try_from(UserInfo { username: name, uid, groups, extra }: UserInfo) -> Result<Self, MalformedInput> {
        match std::iter::once(&name).chain(&groups).find(|text| !is_plain(text)) {
            Some(text) => Err(MalformedInput::new(format!("{text:?} is not the name of a user or group"))),
            None => Ok(Self { name, uid, groups, extra }),
        }
    }
}

impl From<User> for UserInfo {
    fn from(User { name: username, uid, groups, extra }: User) -> Self {
        Self { username, uid, groups, extra }
    }
}

/// Returns whether a text passes through a header unchanged. Leading and trailing space is dropped on the way, which
/// would make the name that of another user.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains('\t') && HeaderValue::from_bytes(text.as_bytes()).is_ok()
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
