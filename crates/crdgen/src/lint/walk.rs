//! Visits the schema nodes of a version.

use crdgen_schema::schema::Additional;

use super::{Place, Step, Subject};

/// Calls `visit` for every schema node outside of `allOf`, `anyOf`, `oneOf` and `not`, from the root down. `metadata`
/// of the root is left out, since Kubernetes defines it.
pub(super) fn each(subject: &Subject<'_>, visit: &mut impl FnMut(&Place<'_>)) {
    below(&Place { schema: &subject.version.schema, step: Step::Root, parent: None, subject }, visit);
}

fn below(place: &Place<'_>, visit: &mut impl FnMut(&Place<'_>)) {
    visit(place);
    let schema = place.schema;
    let child = |schema, step| Place { schema, step, parent: Some(place), subject: place.subject };
    for (name, property) in &schema.properties {
        if place.step != Step::Root || name != "metadata" {
            below(&child(property, Step::Property(name)), visit);
        }
    }
    if let Some(items) = &schema.items {
        below(&child(items, Step::Items), visit);
    }
    if let Some(Additional::Schema(values)) = &schema.additional_properties {
        below(&child(values, Step::Values), visit);
    }
}
