//! Rules about lists and maps.

use crdgen_schema::schema::{ListType, SchemaType};

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::item-without-required",
            title: "The items of a list have no required field",
            cause: "An item may be an empty object, `- {}`. Such an item is rarely intended, and a typo in the only \
                    field of an item produces one.",
            help: "name at least one field in `required` of the items",
        },
        default: Setting::Off,
        covers: &["kube-api-linter arrayofstruct"],
        check: Check::Place(item_without_required),
    },
    Rule {
        entry: Entry {
            code: "lint::list-limit",
            title: "A list has no maximum length",
            cause: "An object is stored as a whole, and etcd refuses more than 1.5 MiB. The cost of CEL rules below the list is \
                    estimated by its longest possible length.",
            help: "add `maxItems`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter maxlength"],
        check: Check::Place(list_limit),
    },
    Rule {
        entry: Entry {
            code: "lint::list-type",
            title: "A list does not say how it is merged",
            cause: "Without `x-kubernetes-list-type`, a server-side apply replaces the list as a whole: of two managers, each \
                    removes the items of the other.",
            help: "add `x-kubernetes-list-type`: `map` with its keys, `set`, or `atomic`",
        },
        default: Setting::Off,
        covers: &["crd-schema-checker ListsMustHaveSSATags", "kube-api-linter ssatags"],
        check: Check::Place(list_type),
    },
    Rule {
        entry: Entry {
            code: "lint::set-of-objects",
            title: "A list of type set has objects as items",
            cause: "Two objects are one item only if all their fields are equal. A manager that changes a field of an item adds a \
                    second item instead.",
            help: "use `x-kubernetes-list-type: map` with a key field, or `atomic`",
        },
        default: Setting::Warn,
        covers: &["kube-api-linter ssatags"],
        check: Check::Place(set_of_objects),
    },
];

fn is_list(place: &Place<'_>) -> bool {
    place.schema.type_ == Some(SchemaType::Array)
}

fn item_without_required(place: &Place<'_>, hits: &mut Hits) {
    if let Some(items) = place.schema.items.as_deref().filter(|_| is_list(place)) {
        let has_branches = !items.any_of.is_empty() || !items.one_of.is_empty() || !items.all_of.is_empty();
        let is_restricted = has_branches || !items.validations.is_empty() || items.bounds.min_properties.is_some();
        if !items.properties.is_empty() && items.required.is_empty() && !is_restricted {
            hits.at(place, "items", "no field of the items is required");
        }
    }
}

fn list_limit(place: &Place<'_>, hits: &mut Hits) {
    if is_list(place) && place.schema.bounds.max_items.is_none() {
        hits.at(place, "", "the list has no maximum length");
    }
}

fn list_type(place: &Place<'_>, hits: &mut Hits) {
    if is_list(place) && place.schema.list_type.is_none() {
        hits.at(place, "", "the list has no `x-kubernetes-list-type`");
    }
}

fn set_of_objects(place: &Place<'_>, hits: &mut Hits) {
    let items = place.schema.items.as_deref();
    if place.schema.list_type == Some(ListType::Set)
        && items.is_some_and(|items| items.type_ == Some(SchemaType::Object))
    {
        hits.at(place, "x-kubernetes-list-type", "the items of the set are objects");
    }
}
