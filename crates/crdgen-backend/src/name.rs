//! Names and namespaces that are valid in Kubernetes. The conversion from text checks them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Error for a malformed part of a request: a name, a selector or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedInput(pub(crate) String);

impl MalformedInput {
    /// Creates the error with a message for people.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for MalformedInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MalformedInput {}

/// Namespace: a DNS label (RFC 1123).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Namespace(String);

/// Name of a custom resource: a DNS subdomain (RFC 1123).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Key of an object within its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Namespace. `None` for a cluster-scoped kind.
    pub namespace: Option<Namespace>,
    /// Name of the object.
    pub name: Name,
}

impl Key {
    /// Creates the key of an object in a namespace.
    pub fn namespaced(namespace: Namespace, name: Name) -> Self {
        Self { namespace: Some(namespace), name }
    }

    /// Returns the key of an object that a backend returned.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or namespace of the object is missing or invalid.
    pub fn of<K: crdgen_core::Resource>(object: &K) -> Result<Self, MalformedInput> {
        use crdgen_core::Metadata as _;
        let metadata = object.metadata();
        let namespace = metadata.namespace().map(str::parse).transpose()?;
        Ok(Self { namespace, name: metadata.name().unwrap_or_default().parse()? })
    }

    /// Creates the key of an object of a cluster-scoped kind.
    pub fn cluster(name: Name) -> Self {
        Self { namespace: None, name }
    }
}

impl TryFrom<String> for Namespace {
    type Error = MalformedInput;

    fn try_from(text: String) -> Result<Self, MalformedInput> {
        if is_label(&text) {
            return Ok(Self(text));
        }
        Err(MalformedInput(format!(
            "{text:?} is not a namespace: at most 63 lower case letters, digits and '-', with a letter or digit at both ends"
        )))
    }
}

impl TryFrom<String> for Name {
    type Error = MalformedInput;

    fn try_from(text: String) -> Result<Self, MalformedInput> {
        if is_subdomain(&text) {
            return Ok(Self(text));
        }
        Err(MalformedInput(format!(
            "{text:?} is not a name: at most 253 lower case letters, digits, '-' and '.', with a letter or digit at both ends of \
             each part"
        )))
    }
}

macro_rules! text_newtype {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = MalformedInput;

            fn from_str(text: &str) -> Result<Self, MalformedInput> {
                text.to_owned().try_into()
            }
        }

        impl $name {
            /// Returns the text.
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

/// Checks for an RFC 1123 label: at most 63 characters of `[a-z0-9-]`, with a letter or digit at both ends.
fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_subdomain_part(text)
}

/// Checks for an RFC 1123 subdomain: at most 253 characters, in parts that are joined by dots. As in Kubernetes, a part
/// has no length limit.
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
