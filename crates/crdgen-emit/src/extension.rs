//! `x-kubernetes-*` keywords as JSON. Only an API server acts on them; documents contain them for tools that
//! know them.

use crdgen_model::{ListType, Rule};
use serde_json::{Map, Value as Json};

/// Returns the value of `x-kubernetes-list-type`.
pub fn list_type(list_type: ListType) -> &'static str {
    match list_type {
        ListType::Atomic => "atomic",
        ListType::Set => "set",
        ListType::Map => "map",
    }
}

/// Returns the items of `x-kubernetes-validations`.
pub fn rules(rules: &[Rule]) -> Vec<Json> {
    rules.iter().map(rule).collect()
}

fn rule(rule: &Rule) -> Json {
    let mut object = Map::from_iter([("rule".to_owned(), Json::from(rule.rule.as_str()))]);
    let said = [
        ("message", &rule.message),
        ("messageExpression", &rule.message_expression),
        ("reason", &rule.reason),
        ("fieldPath", &rule.field_path),
    ];
    object.extend(said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.as_deref()?.into()))));
    if rule.is_old_self_optional() {
        object.insert("optionalOldSelf".to_owned(), true.into());
    }
    Json::Object(object)
}
