//! Metadata of SOPS, which encrypts values of manifests and removes its metadata before a manifest is applied.

use crdgen_schema::Schema;
use serde_json::Value as Json;

/// Removes the key `sops` of an encrypted object, unless the schema declares it.
pub(super) fn set_aside(object: &mut Json, schema: &Schema) {
    let Json::Object(fields) = object else { return };
    let is_encrypted = fields.get("sops").is_some_and(|sops| sops.get("mac").is_some());
    if is_encrypted && !schema.properties.contains_key("sops") {
        fields.shift_remove("sops");
    }
}
