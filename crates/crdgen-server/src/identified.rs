//! View together with the identity of its object. A watch reports the identity, which the view itself need not read.

use crdgen_backend::EventStream;
use crdgen_core::View;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// View of an object, with the identity of the object. It is serialized as the view alone.
#[derive(Clone, Debug)]
pub struct Identified<V> {
    name: String,
    namespace: Option<String>,
    uid: String,
    /// Fields that the view reads.
    pub view: V,
}

/// Watch of views, decoded or as encoded JSON.
pub type WatchedViews<V> = EventStream<Identified<V>>;

/// Identity of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity<'a> {
    /// Name of the object.
    pub name: &'a str,
    /// Namespace of the object. `None` for a cluster-scoped kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'a str>,
    /// `metadata.uid` of the object. Another object that later gets this name has another uid.
    pub uid: &'a str,
}

impl<V> Identified<V> {
    /// Returns the identity of the object.
    pub fn identity(&self) -> Identity<'_> {
        Identity { name: &self.name, namespace: self.namespace.as_deref(), uid: &self.uid }
    }
}

/// Reading the identity adds no cost: backends keep it for a watch, whatever the view reads.
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
