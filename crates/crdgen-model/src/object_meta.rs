//! Schema of `metav1.ObjectMeta`, for views that read only some of its fields. A CRD does not contain this schema.
//!
//! Fields and descriptions follow `k8s.io/apimachinery/pkg/apis/meta/v1`.

use crdgen_schema::schema::{Additional, ListType, Schema, SchemaType};

/// Returns the schema of `metadata`.
pub fn schema() -> Schema {
    let named = |name: &str, schema: Schema, description: &str| (name.to_owned(), described(schema, description));
    object(
        [
            named("name", text(), "The object's name, unique in its namespace."),
            named("generateName", text(), "The beginning of the name, when the API server completes it."),
            named("namespace", text(), "The namespace; absent for what lies in none."),
            named("uid", text(), "Tells this object from others that had its name before."),
            named("resourceVersion", text(), "Changes whenever the object does."),
            named("generation", integer(), "Counts the changes of what is desired."),
            named("creationTimestamp", time(), "When it was created."),
            named("deletionTimestamp", time(), "When it is to be gone, if it is being deleted."),
            named("deletionGracePeriodSeconds", integer(), "Seconds it may take to go."),
            named("labels", map(), "Keys and values to select it by."),
            named("annotations", map(), "Keys and values for tools."),
            named("ownerReferences", owners(), "What it is deleted with."),
            named("finalizers", list(text(), Some(ListType::Set)), "Who has to agree before it is gone."),
            named("managedFields", list(managed_fields(), Some(ListType::Atomic)), "Who set which of its fields."),
        ],
        &[],
    )
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
    Schema { list_map_keys: vec!["uid".to_owned()], ..list(owner, Some(ListType::Map)) }
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
        properties: properties.into(),
        required: required.iter().map(|name| (*name).to_owned()).collect(),
        ..Schema::default()
    }
}

fn described(schema: Schema, description: &str) -> Schema {
    Schema { description: Some(description.to_owned()), ..schema }
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
