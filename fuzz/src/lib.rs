//! Code that fuzz targets share: CRDs, and a memory store.

pub mod crds;

use crdgen_runtime::backend::Key;
use crdgen_runtime::backend::memory::{MemoryBackend, Objects};
use serde_json::{Value, json};

/// Maximum nesting of a stored object. A client with the limit of `serde_json` cannot read more.
pub const MAX_DEPTH: usize = 126;

/// CRD of a kind with fields of any JSON, typed fields, and every kind of list.
const CRD: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              any: {x-kubernetes-preserve-unknown-fields: true}
              text: {type: string, maxLength: 20, pattern: '^[a-z]*$'}
              number: {type: integer, format: int32, minimum: 0, default: 1}
              either: {x-kubernetes-int-or-string: true}
              set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              map:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: {type: object, required: [name], properties: {name: {type: string}, value: {type: number}}}
              embedded: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
            x-kubernetes-validations:
            - rule: "!has(self.text) || self.text != 'forbidden'"
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
"#;

/// A store, and the objects of its only kind.
pub struct Lamps {
    store: MemoryBackend,
    pub objects: Objects,
}

impl Lamps {
    /// Returns an empty store. It is expensive to create, so a target creates one and keeps it.
    pub fn new() -> Self {
        let store = MemoryBackend::from_crds(CRD).expect("the CRD is good");
        let objects = store.objects("lamps.example.com", "v1").expect("the kind is there");
        Self { store, objects }
    }

    /// Deletes an object and everything that the store remembers of it.
    pub fn clear(&self, name: &str) {
        // The object need not exist.
        let _ = self.objects.delete(&key(name), &Default::default());
        self.store.forget();
    }
}

impl Default for Lamps {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the key of an object in the namespace `default`.
pub fn key(name: &str) -> Key {
    Key::namespaced("default".parse().expect("a namespace"), name.parse().expect("a name"))
}

/// Returns an object with `any` in its field for any JSON.
pub fn lamp(name: &str, any: Value) -> Value {
    json!({ "apiVersion": "example.com/v1", "kind": "Lamp", "metadata": { "name": name }, "spec": { "any": any } })
}

/// Returns the nesting of a value.
pub fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Checks that a stored object can be read again from its text.
pub fn check_stored(object: &Value) {
    assert!(depth(object) <= MAX_DEPTH, "the stored object is {} levels deep", depth(object));
    let text = object.to_string();
    let read: Value = serde_json::from_str(&text).expect("the stored object can be read");
    assert_eq!(&read, object, "the stored object is another one when it is read");
}
