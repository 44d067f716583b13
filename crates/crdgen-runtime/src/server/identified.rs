//! A view with the identity of its object, which a view need not read and a watch has to tell.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::View;
use crate::backend::EventStream;

/// What a view reads of an object, and which object that is. It is written as the view.
#[derive(Clone, Debug)]
pub struct Identified<V> {
    name: String,
    namespace: Option<String>,
    uid: String,
    /// What the view reads.
    pub view: V,
}

/// A watch of views, in the form that costs least to pass on.
pub type WatchedViews<V> = EventStream<Identified<V>>;

/// Which object something is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its namespace, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'a str>,
    /// Another object of the same name has another.
    pub uid: &'a str,
}

impl<V> Identified<V> {
    /// Which object it is of.
    pub fn identity(&self) -> Identity<'_> {
        Identity { name: &self.name, namespace: self.namespace.as_deref(), uid: &self.uid }
    }
}

/// Backends keep the identity of an object for a watch whatever its view reads, so a view of both is had at the price of one.
impl<V: View> View for Identified<V> {
    type Of = V::Of;
    const FIELDS: &'static [&'static str] = V::FIELDS;
    const PLURAL: &'static str = V::PLURAL;
}

impl<V: Serialize> Serialize for Identified<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view.serialize(serializer)
    }
}

impl<'de, V: View> Deserialize<'de> for Identified<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Head {
            name: String,
            namespace: Option<String>,
            uid: String,
        }
        let object = Value::deserialize(deserializer)?;
        let metadata = object.get("metadata").unwrap_or(&Value::Null);
        let Head { name, namespace, uid } = Head::deserialize(metadata).map_err(D::Error::custom)?;
        let view = serde_json::from_value(object).map_err(D::Error::custom)?;
        Ok(Self { name, namespace, uid, view })
    }
}
