//! Lists of Kubernetes objects, unwrapped as kubectl does (`unstructuredJSONScheme` of apimachinery).

use crate::node::Entry;
use crate::{Node, Value};

/// Returns whether an object is a list of objects, such as `List`, `CustomResourceDefinitionList` or `BoatList`.
pub fn is_list(object: &Node) -> bool {
    let is_kind_of_list = object.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    is_kind_of_list && object.get("items").is_some_and(|items| matches!(items.value, Value::List(_) | Value::Null))
}

/// Returns the objects of a list.
///
/// An API server writes neither `kind` nor `apiVersion` into the items of a typed list. An item that has neither gets
/// the `apiVersion` of the list, and the `kind` of the list without `List`.
pub fn into_items(list: Node) -> Vec<Node> {
    let Value::Map(entries) = list.value else { return Vec::new() };
    let (mut items, mut inherited) = (Vec::new(), Vec::new());
    for entry in entries {
        match (entry.key.as_str(), entry.value.value) {
            ("items", Value::List(listed)) => items = listed,
            ("kind", Value::String(kind)) => {
                let value = Node { value: Value::String(item_kind(&kind).to_owned()), span: entry.value.span };
                inherited.push(Entry { value, ..entry });
            }
            ("apiVersion", value @ Value::String(_)) => {
                let value = Node { value, span: entry.value.span };
                inherited.push(Entry { value, ..entry });
            }
            _ => {}
        }
    }
    items.into_iter().map(|item| inherit(item, &inherited)).collect()
}

fn item_kind(kind: &str) -> &str {
    kind.strip_suffix("List").unwrap_or(kind)
}

fn inherit(mut item: Node, inherited: &[Entry]) -> Node {
    let is_given = |field| item.get(field).and_then(Node::as_str).is_some_and(|text| !text.is_empty());
    if is_given("kind") || is_given("apiVersion") {
        return item;
    }
    if let Value::Map(entries) = &mut item.value {
        entries.retain(|entry| !matches!(entry.key.as_str(), "kind" | "apiVersion"));
        entries.extend_from_slice(inherited);
    }
    item
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn items(list: Json) -> Vec<Json> {
        let list = Node::from_json(&list);
        assert!(is_list(&list));
        into_items(list).iter().map(Node::to_json).collect()
    }

    #[test]
    fn items_without_kind_and_version_have_those_of_their_list() {
        let list = json!({"kind": "BoatList", "apiVersion": "example.com/v1", "metadata": {}, "items": [
            {"metadata": {"name": "a"}},
            {"kind": "Raft", "apiVersion": "example.com/v2"},
            {"kind": "Raft"},
            "no object",
        ]});
        let expected = json!([
            {"metadata": {"name": "a"}, "kind": "Boat", "apiVersion": "example.com/v1"},
            {"kind": "Raft", "apiVersion": "example.com/v2"},
            {"kind": "Raft"},
            "no object",
        ]);
        assert_eq!(items(list), *expected.as_array().unwrap());
    }

    #[test]
    fn a_list_may_be_empty() {
        assert_eq!(items(json!({"kind": "List", "apiVersion": "v1", "items": null})), Vec::<Json>::new());
        for other in [json!({"kind": "AllowList"}), json!({"kind": "Boat", "items": []}), json!({"items": []})] {
            assert!(!is_list(&Node::from_json(&other)), "{other}");
        }
    }
}
