//! Spots: the positions of objects with properties in a schema.

use crdgen_schema::Schema;
use crdgen_schema::schema::Additional;

/// Path from a version's root schema to a node.
pub type Spot = Vec<Step>;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Step into a property.
    Property(String),
    /// Step into the items of a list.
    Items,
    /// Step into the values of a map.
    Values,
}

/// Returns every object with properties that becomes a type, parents first.
pub fn objects(schema: &Schema) -> Vec<Spot> {
    let mut found = Vec::new();
    walk(schema, &mut Vec::new(), &mut found);
    found
}

fn walk(schema: &Schema, way: &mut Spot, found: &mut Vec<Spot>) {
    if !schema.properties.is_empty() && !schema.int_or_string {
        found.push(way.clone());
    }
    for (name, property) in &schema.properties {
        // The metadata of an object always has Kubernetes' type, so its schema is ignored.
        if name == "metadata" && (way.is_empty() || schema.embedded_resource) {
            continue;
        }
        step(Step::Property(name.clone()), property, way, found);
    }
    if let Some(items) = &schema.items {
        step(Step::Items, items, way, found);
    }
    if let Some(Additional::Schema(values)) = &schema.additional_properties {
        step(Step::Values, values, way, found);
    }
}

fn step(step: Step, schema: &Schema, way: &mut Spot, found: &mut Vec<Spot>) {
    way.push(step);
    walk(schema, way, found);
    way.pop();
}

/// Returns the node at a spot.
pub fn at<'a>(schema: &'a Schema, spot: &[Step]) -> Option<&'a Schema> {
    spot.iter().try_fold(schema, |schema, step| match step {
        Step::Property(name) => schema.properties.get(name),
        Step::Items => schema.items.as_deref(),
        Step::Values => match &schema.additional_properties {
            Some(Additional::Schema(values)) => Some(&**values),
            _ => None,
        },
    })
}

/// Returns the node at a spot as a mutable reference.
pub fn at_mut<'a>(schema: &'a mut Schema, spot: &[Step]) -> Option<&'a mut Schema> {
    spot.iter().try_fold(schema, |schema, step| match step {
        Step::Property(name) => schema.properties.get_mut(name),
        Step::Items => schema.items.as_deref_mut(),
        Step::Values => match &mut schema.additional_properties {
            Some(Additional::Schema(values)) => Some(&mut **values),
            _ => None,
        },
    })
}
