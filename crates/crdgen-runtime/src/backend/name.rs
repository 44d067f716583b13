//! Names that Kubernetes would take, checked once, where they enter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A part of a request that cannot be understood: a name, a selector, a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub(crate) String);

impl Malformed {
    /// Why it cannot be understood.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// A namespace: a DNS label (RFC 1123).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Namespace(String);

/// The name of a custom resource: a DNS subdomain (RFC 1123).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Which object of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Absent for a cluster-scoped kind.
    pub namespace: Option<Namespace>,
    /// Its name.
    pub name: Name,
}

impl Key {
    /// An object in a namespace.
    pub fn namespaced(namespace: Namespace, name: Name) -> Self {
        Self { namespace: Some(namespace), name }
    }

    /// That of an object which a backend answered.
    ///
    /// # Errors
    ///
    /// An object without a name, or with one that is none.
    pub fn of<K: crate::Resource>(object: &K) -> Result<Self, Malformed> {
        use crate::Metadata as _;
        let metadata = object.metadata();
        let namespace = metadata.namespace().map(str::parse).transpose()?;
        Ok(Self { namespace, name: metadata.name().unwrap_or_default().parse()? })
    }

    /// An object of a cluster-scoped kind.
    pub fn cluster(name: Name) -> Self {
        Self { namespace: None, name }
    }
}

impl TryFrom<String> for Namespace {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        if is_label(&text) {
            return Ok(Self(text));
        }
        Err(Malformed(format!(
            "{text:?} is not a namespace: at most 63 lower case letters, digits and '-', with a letter or digit at both ends"
        )))
    }
}

impl TryFrom<String> for Name {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        if is_subdomain(&text) {
            return Ok(Self(text));
        }
        Err(Malformed(format!(
            "{text:?} is not a name: at most 253 lower case letters, digits, '-' and '.', with a letter or digit at both ends of \
             each part"
        )))
    }
}

macro_rules! text_newtype {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                text.to_owned().try_into()
            }
        }

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text_newtype!(Namespace);
text_newtype!(Name);

/// RFC 1123 label: at most 63 of `[a-z0-9-]`, a letter or digit at both ends.
fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_subdomain_part(text)
}

/// RFC 1123 subdomain: at most 253 characters, parts joined by dots. Kubernetes does not limit the parts.
pub(crate) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_subdomain_part)
}

fn is_subdomain_part(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let (Some(first), Some(last)) = (text.bytes().next(), text.bytes().last()) else {
        return false;
    };
    alphanumeric(first) && alphanumeric(last) && text.bytes().all(|byte| alphanumeric(byte) || byte == b'-')
}
