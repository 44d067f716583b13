//! Schema of `metadata`. It has all fields of Kubernetes' `ObjectMeta`, since a manifest that was read from a
//! server may be written again.

use crdgen_model::{Field, metadata_description as description};
use serde_json::{Value as Json, json};

use super::schema::Writer;
use crate::api::Form;

/// Returns the definition, with the CRD's restrictions on some fields. The read form requires only the name, because tools
/// that keep objects drop the fields that the server adds.
pub fn definition(restricted: &[Field], writer: &Writer<'_>) -> Json {
    let mut definition = json!({
        "description": "Metadata of an object.",
        "type": "object",
        "properties": properties(),
    });
    for field in restricted {
        if let Some(property) = definition["properties"][&field.wire].as_object_mut() {
            property.extend(writer.restrictions(&field.slot));
        }
    }
    match writer.form {
        Form::Read => definition["required"] = json!(["name"]),
        // The server drops or refuses unknown fields here.
        Form::Write => definition["additionalProperties"] = false.into(),
    }
    definition
}

/// Remark on fields that users do not write.
const SET: &str = "Set by the server.";

/// Returns the description of a field with a remark behind it.
fn described(field: &str, remark: &str) -> String {
    format!("{} {remark}", description(field))
}

fn properties() -> Json {
    json!({
        "name": string(&described("name", "Required unless `generateName` is given.")),
        "generateName": string(description("generateName")),
        "namespace": string(description("namespace")),
        "labels": strings(description("labels")),
        "annotations": strings(description("annotations")),
        "finalizers": {
            "description": description("finalizers"),
            "type": ["array", "null"],
            "items": { "type": "string" },
            "x-kubernetes-list-type": "set",
        },
        "ownerReferences": {
            "description": description("ownerReferences"),
            "type": ["array", "null"],
            "items": owner_reference(),
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["uid"],
        },
        "uid": string(&described("uid", SET)),
        "resourceVersion": string(&described("resourceVersion", "Set by the server. A write with another version is a conflict.")),
        "generation": integer(&described("generation", SET)),
        "creationTimestamp": time(&described("creationTimestamp", SET)),
        "deletionTimestamp": time(&described("deletionTimestamp", SET)),
        "deletionGracePeriodSeconds": integer(&described("deletionGracePeriodSeconds", SET)),
        "selfLink": string("Deprecated: API servers no longer set it."),
        "managedFields": {
            "description": described("managedFields", SET),
            "type": ["array", "null"],
            "items": { "type": "object" },
        },
    })
}

fn owner_reference() -> Json {
    json!({
        "type": "object",
        "properties": {
            "apiVersion": string("Group and version of the owner."),
            "kind": string("Kind of the owner."),
            "name": string("Name of the owner."),
            "uid": string("Identifier of the owner."),
            "controller": { "description": "Whether the owner is the controller that manages this object.", "type": ["boolean", "null"] },
            "blockOwnerDeletion": {
                "description": "Whether the owner stays until this object is removed, in a foreground deletion.",
                "type": ["boolean", "null"],
            },
        },
        "required": ["apiVersion", "kind", "name", "uid"],
    })
}

// Go reads null as "not given" in all of `metadata`.

fn string(description: &str) -> Json {
    json!({ "description": description, "type": ["string", "null"] })
}

fn time(description: &str) -> Json {
    json!({ "description": description, "type": ["string", "null"], "format": "date-time" })
}

fn integer(description: &str) -> Json {
    json!({ "description": description, "type": ["integer", "null"] })
}

fn strings(description: &str) -> Json {
    json!({ "description": description, "type": ["object", "null"], "additionalProperties": { "type": "string" } })
}
