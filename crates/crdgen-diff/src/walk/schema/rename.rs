//! Fields that were probably renamed.

use std::collections::HashMap;

use crdgen_schema::Schema;

/// Maximum number of removed or added fields of an object that are compared with each other.
const MAX: usize = 64;

/// Returns pairs of a removed and an added field with equal schemas. Both are the only ones with that schema. The names
/// of fields with a simple schema must also be similar.
pub(super) fn pairs<'a>(
    old: &Schema,
    new: &Schema,
    removed: &[&'a String],
    added: &[&'a String],
) -> Vec<(&'a String, &'a String)> {
    if removed.is_empty() || added.is_empty() || removed.len() > MAX || added.len() > MAX {
        return Vec::new();
    }
    let before = by_schema(old, removed);
    let mut after = by_schema(new, added);
    let mut pairs = Vec::new();
    for (schema, gone) in before {
        let come = after.remove(&schema).unwrap_or_default();
        if let ([gone], [come]) = (gone.as_slice(), come.as_slice())
            && (is_distinctive(&old.properties[*gone]) || are_similar(gone, come))
        {
            pairs.push((*gone, *come));
        }
    }
    pairs
}

fn by_schema<'a>(schema: &Schema, names: &[&'a String]) -> HashMap<String, Vec<&'a String>> {
    let mut by_schema: HashMap<String, Vec<&'a String>> = HashMap::new();
    for name in names {
        let property = schema.properties[*name].to_json().to_string();
        by_schema.entry(property).or_default().push(name);
    }
    by_schema
}

/// Returns whether two fields hardly have this schema by chance.
fn is_distinctive(schema: &Schema) -> bool {
    let values = |schema: &Schema| schema.properties.len() + schema.enum_.len();
    values(schema) + schema.items.as_deref().map(values).unwrap_or_default() > 2
}

/// Returns whether one of the names begins or ends like the other, for at least half of the longer name.
fn are_similar(gone: &str, come: &str) -> bool {
    let (gone, come) = (gone.to_lowercase(), come.to_lowercase());
    let longest = gone.chars().count().max(come.chars().count());
    let alike = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(|(this, that)| this == that).count();
    let from_start = alike(&mut gone.chars().zip(come.chars()));
    let from_end = alike(&mut gone.chars().rev().zip(come.chars().rev()));
    from_start.max(from_end) * 2 >= longest && from_start.max(from_end) > 2
}
