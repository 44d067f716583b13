//! Fields that an object loses.

use serde_json::Value as Json;

/// Maximum number of lost fields that are returned.
const MOST: usize = 200;

/// Returns the places of fields of `before` that `after` does not have, or has with another value. Fields that only
/// `after` has, such as new defaults, do not count.
///
/// # Examples
///
/// ```
/// use serde_json::json;
///
/// let before = json!({"spec": {"name": "a", "size": 1}});
/// let after = json!({"spec": {"name": "a", "color": "red"}});
/// assert_eq!(crdgen_diff::losses(&before, &after), ["spec.size"]);
/// ```
pub fn losses(before: &Json, after: &Json) -> Vec<String> {
    let mut lost = Vec::new();
    collect(before, Some(after), &mut String::new(), &mut lost);
    lost
}

fn collect(before: &Json, after: Option<&Json>, place: &mut String, lost: &mut Vec<String>) {
    if lost.len() >= MOST {
        return;
    }
    let length = place.len();
    match (before, after) {
        (Json::Object(fields), Some(Json::Object(others))) => {
            for (name, value) in fields {
                if !place.is_empty() {
                    place.push('.');
                }
                place.push_str(name);
                collect(value, others.get(name), place, lost);
                place.truncate(length);
            }
        }
        (Json::Array(items), Some(Json::Array(others))) if items.len() == others.len() => {
            for (index, (item, other)) in items.iter().zip(others).enumerate() {
                place.push_str(&format!("[{index}]"));
                collect(item, Some(other), place, lost);
                place.truncate(length);
            }
        }
        (before, Some(after)) if is_equal(before, after) => {}
        _ => lost.push(place.clone()),
    }
}

/// Compares scalars. A server writes a number without a fraction as an integer.
fn is_equal(before: &Json, after: &Json) -> bool {
    before == after || matches!((before.as_f64(), after.as_f64()), (Some(before), Some(after)) if before == after)
}
