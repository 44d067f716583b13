//! Schema of `metav1.ObjectMeta`, for views that read only some of its fields. A CRD does not contain this schema.
//!
//! Fields and descriptions follow `k8s.io/apimachinery/pkg/apis/meta/v1`.

use crdgen_schema::schema::{Additional, ListType, Schema, SchemaType};

/// Returns the description of a field of `metadata`, for documentation in any target. Empty for an unknown field.
pub fn description(field: &str) -> &'static str {
    match field {
        "name" => "Name of the object, unique among the objects of its kind in a namespace.",
        "generateName" => {
            "Prefix from which the API server makes a unique name if `name` is empty when the object is created."
        }
        "namespace" => "Namespace of the object; absent if the kind is cluster-scoped.",
        "uid" => {
            "Identifier that the API server gives to the object. An object that is deleted and created again under the \
             same name has another one."
        }
        "resourceVersion" => {
            "Version of the stored object, which changes with every write. Clients compare it only for equality."
        }
        "generation" => "Number that the API server increases when the desired state changes.",
        "creationTimestamp" => "Time at which the object was created.",
        "deletionTimestamp" => {
            "Time at which the object is to be removed. Present only after its deletion was requested."
        }
        "deletionGracePeriodSeconds" => "Seconds from the request for deletion to `deletionTimestamp`.",
        "labels" => "Keys and values by which selectors find the object.",
        "annotations" => "Keys and values that tools store with the object. Selectors ignore them.",
        "ownerReferences" => {
            "Objects that own this one. When all of them are deleted, the garbage collector deletes this object."
        }
        "finalizers" => {
            "Identifiers of components that must do their cleanup before the object is removed. Each removes its own \
             entry when it has finished."
        }
        "managedFields" => "Fields of the object by the field manager that set them, for server-side apply.",
        _ => "",
    }
}

/// Returns the schema of `metadata`.
pub fn schema() -> Schema {
    let fields = [
        ("name", text()),
        ("generateName", text()),
        ("namespace", text()),
        ("uid", text()),
        ("resourceVersion", text()),
        ("generation", integer()),
        ("creationTimestamp", time()),
        ("deletionTimestamp", time()),
        ("deletionGracePeriodSeconds", integer()),
        ("labels", map()),
        ("annotations", map()),
        ("ownerReferences", owners()),
        ("finalizers", list(text(), Some(ListType::Set))),
        ("managedFields", list(managed_fields(), Some(ListType::Atomic))),
    ];
    object(fields.map(|(name, schema)| (name.to_owned(), described(schema, description(name)))), &[])
}

fn owners() -> Schema {
    let flag = || Schema { type_: Some(SchemaType::Boolean), ..Schema::default() };
    let fields = [
        ("apiVersion", text()),
        ("kind", text()),
        ("name", text()),
        ("uid", text()),
        ("controller", flag()),
        ("blockOwnerDeletion", flag()),
    ];
    let owner = object(fields.map(|(name, schema)| (name.to_owned(), schema)), &["apiVersion", "kind", "name", "uid"]);
    Schema { list_map_keys: vec!["uid".to_owned()].into(), ..list(owner, Some(ListType::Map)) }
}

fn managed_fields() -> Schema {
    let any = || Schema { type_: Some(SchemaType::Object), preserve_unknown_fields: true, ..Schema::default() };
    let fields = [
        ("manager", text()),
        ("operation", text()),
        ("apiVersion", text()),
        ("time", time()),
        ("fieldsType", text()),
        ("fieldsV1", any()),
        ("subresource", text()),
    ];
    object(fields.map(|(name, schema)| (name.to_owned(), schema)), &[])
}

fn object<const N: usize>(properties: [(String, Schema); N], required: &[&str]) -> Schema {
    Schema {
        type_: Some(SchemaType::Object),
        properties: properties.into_iter().collect(),
        required: required.iter().map(|name| (*name).to_owned()).collect(),
        ..Schema::default()
    }
}

fn described(schema: Schema, description: &str) -> Schema {
    Schema { description: Some(description.into()), ..schema }
}

fn text() -> Schema {
    Schema { type_: Some(SchemaType::String), ..Schema::default() }
}

fn time() -> Schema {
    Schema { format: Some("date-time".to_owned()), ..text() }
}

fn integer() -> Schema {
    Schema { type_: Some(SchemaType::Integer), format: Some("int64".to_owned()), ..Schema::default() }
}

fn map() -> Schema {
    let values = Some(Additional::Schema(Box::new(text())));
    Schema { type_: Some(SchemaType::Object), additional_properties: values, ..Schema::default() }
}

fn list(items: Schema, list_type: Option<ListType>) -> Schema {
    Schema { type_: Some(SchemaType::Array), items: Some(Box::new(items)), list_type, ..Schema::default() }
}
