//! Rules about `conditions`, after `metav1.Condition` of Kubernetes.

use crdgen_schema::Schema;
use crdgen_schema::schema::{ListType, SchemaType};

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::condition-fields",
            title: "A condition lacks fields of Kubernetes' conditions",
            cause: "Tools such as `kubectl wait` read `type` and `status` of a condition, and expect `lastTransitionTime`, `reason` and \
                    `message`. Kubernetes' own conditions require all five.",
            help: "declare and require `type`, `status`, `lastTransitionTime`, `reason` and `message`",
        },
        default: Setting::Off,
        covers: &["crd-schema-checker ConditionsMustHaveProperSSATags", "kube-api-linter conditions"],
        check: Check::Place(condition_fields),
    },
    Rule {
        entry: Entry {
            code: "lint::condition-list",
            title: "Conditions are not a list by type",
            cause: "Several controllers write conditions of one object. Unless the list has `x-kubernetes-list-type: map` with the \
                    key `type`, a server-side apply of one controller removes the conditions of the others.",
            help: "add `x-kubernetes-list-type: map` and `x-kubernetes-list-map-keys: [type]`",
        },
        default: Setting::Off,
        covers: &["crd-schema-checker ConditionsMustHaveProperSSATags", "kube-api-linter conditions"],
        check: Check::Place(condition_list),
    },
];

/// Fields that Kubernetes' conditions require.
const FIELDS: [&str; 5] = ["type", "status", "lastTransitionTime", "reason", "message"];

/// Returns the schema of a condition if the node is `status.conditions`.
fn conditions<'a>(place: &Place<'a>) -> Option<&'a Schema> {
    let is_conditions = place.name() == Some("conditions") && place.is_in_status();
    place.schema.items.as_deref().filter(|items| is_conditions && items.type_ == Some(SchemaType::Object))
}

fn condition_fields(place: &Place<'_>, hits: &mut Hits) {
    let Some(condition) = conditions(place) else { return };
    let lacks = |field: &&str| {
        !condition.properties.contains_key(*field) || !condition.required.iter().any(|name| name == field)
    };
    let missing: Vec<_> = FIELDS.iter().copied().filter(lacks).collect();
    if !missing.is_empty() {
        hits.at(place, "items", format!("a condition does not require {}", missing.join(", ")));
    }
}

fn condition_list(place: &Place<'_>, hits: &mut Hits) {
    if conditions(place).is_some()
        && (place.schema.list_type != Some(ListType::Map) || *place.schema.list_map_keys != ["type"])
    {
        hits.at(place, "", "the conditions are not a list of type map with the key `type`");
    }
}
