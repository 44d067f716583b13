//! Kubernetes' formats under their names in JSON Schema.

use serde_json::{Map, Value as Json};

/// Adds the format of a string. In JSON Schema a format is an annotation, which some tools check.
///
/// A format that has another meaning in JSON Schema, such as `duration`, or none, such as `cidr`, is written
/// as data.
pub fn write(format: &str, schema: &mut Map<String, Json>) {
    // The server ignores hyphens: https://github.com/kubernetes/kube-openapi, pkg/validation/strfmt.
    let name = match format.replace('-', "").as_str() {
        "datetime" => "date-time",
        "date" => "date",
        "email" => "email",
        "hostname" => "hostname",
        "ipv4" => "ipv4",
        "ipv6" => "ipv6",
        "uri" => "uri",
        "uuid" | "uuid3" | "uuid4" | "uuid5" => "uuid",
        "password" => "password",
        "byte" => {
            schema.insert("contentEncoding".to_owned(), "base64".into());
            return;
        }
        _ => {
            schema.insert("x-crdgen-format".to_owned(), format.into());
            return;
        }
    };
    schema.insert("format".to_owned(), name.into());
}
