//! Schema of `metadata`. It has all fields of Kubernetes' `ObjectMeta`, since a manifest that was read from a
//! server may be written again.

use serde_json::{Value as Json, json};

use crate::api::Form;

/// Returns the definition. The read form requires only the name, because tools that keep objects drop the
/// fields that the server adds.
pub fn definition(form: Form) -> Json {
    let mut definition = json!({
        "description": "What Kubernetes knows about every object.",
        "type": "object",
        "properties": properties(),
    });
    match form {
        Form::Read => definition["required"] = json!(["name"]),
        // The server drops or refuses unknown fields here.
        Form::Write => definition["additionalProperties"] = false.into(),
    }
    definition
}

fn properties() -> Json {
    json!({
        "name": string("Name, unique in its namespace. Needed unless `generateName` is given."),
        "generateName": string("What a name that the server makes begins with."),
        "namespace": string("Namespace; absent for what is cluster-scoped."),
        "labels": strings("Keys and values to select by."),
        "annotations": strings("Keys and values for any use."),
        "finalizers": {
            "description": "What must happen before the object is gone.",
            "type": ["array", "null"],
            "items": { "type": "string" },
            "x-kubernetes-list-type": "set",
        },
        "ownerReferences": {
            "description": "Objects that own this one.",
            "type": ["array", "null"],
            "items": owner_reference(),
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["uid"],
        },
        "uid": string("Identity over time and space. Set by the server."),
        "resourceVersion": string("Changes with every change of the object. Set by the server; sent back, another one is a conflict."),
        "generation": integer("Counts the changes of what is wanted. Set by the server."),
        "creationTimestamp": time("When the object was created. Set by the server."),
        "deletionTimestamp": time("When the deletion was asked for. Set by the server."),
        "deletionGracePeriodSeconds": integer("How long the deletion may take. Set by the server."),
        "selfLink": string("Not used any more."),
        "managedFields": {
            "description": "Who set which field. Set by the server.",
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
            "uid": string("Identity of the owner."),
            "controller": { "description": "The owner manages this object.", "type": ["boolean", "null"] },
            "blockOwnerDeletion": {
                "description": "The owner stays until this object is gone.",
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
