//! OpenAPI 3.1 documents, made from 3.0 documents. Their schemas are JSON Schema 2020-12.
//!
//! Apart from the schemas crdgen's document is equal in both versions. So it is taken over, and nothing that
//! is added to one version can be missing in the other. The conversion from 3.0 to 3.1 loses nothing, because
//! crdgen uses no keyword of 3.1 that 3.0 cannot express.

mod schema;

use openapiv3::ReferenceOr;
use serde_json::Value as Json;

use schema::{Place, Schema};

/// Version of the specification.
pub const VERSION: &str = "3.1.0";

/// Returns a schema of the components in 3.1.
pub fn component(schema: ReferenceOr<openapiv3::Schema>) -> serde_json::Result<Json> {
    serde_json::to_value(Schema::new(schema, Place::Component))
}

/// Rewrites every schema below a node that is none itself.
pub fn walk(node: &mut Json) -> serde_json::Result<()> {
    match node {
        Json::Array(items) => items.iter_mut().try_for_each(walk),
        Json::Object(entries) => entries.iter_mut().try_for_each(|(key, value)| match (key.as_str(), value) {
            ("schema", schema) => rewrite(schema, Place::Inline),
            ("schemas", Json::Object(components)) => {
                components.values_mut().try_for_each(|schema| rewrite(schema, Place::Component))
            }
            // What an extension or a link holds is no part of the document.
            (key, _) if key.starts_with("x-") || key == "links" => Ok(()),
            (_, value) => walk(value),
        }),
        _ => Ok(()),
    }
}

fn rewrite(node: &mut Json, place: Place) -> serde_json::Result<()> {
    let schema: ReferenceOr<openapiv3::Schema> = serde_json::from_value(node.take())?;
    *node = serde_json::to_value(Schema::new(schema, place))?;
    Ok(())
}
