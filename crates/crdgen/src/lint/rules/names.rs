//! Rules about the names of fields.

use std::collections::HashMap;

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::field-name",
            title: "The name of a field is not in lower camel case",
            cause: "Kubernetes' fields are written as `replicaCount`. Another style surprises users, and code generators must \
                    rename the field.",
            help: "write the name in lower camel case; a rename breaks users of the field",
        },
        default: Setting::Off,
        covers: &["kube-api-linter jsontags"],
        check: Check::Place(field_name),
    },
    Rule {
        entry: Entry {
            code: "lint::field-names-collide",
            title: "The names of two fields of an object differ only in style",
            cause: "`clusterIP` and `clusterIp`, or `a-b` and `aB`, become one name in generated code. Go reads JSON keys in any \
                    case, so a client in Go may read one field for the other.",
            help: "rename or remove one of the two",
        },
        default: Setting::Warn,
        covers: &[],
        check: Check::Place(field_names_collide),
    },
    Rule {
        entry: Entry {
            code: "lint::phase",
            title: "The status has a phase",
            cause: "A phase describes a state with one word, although the state has several independent conditions. A \
                    new phase breaks clients that know only the old ones, so Kubernetes' API conventions advise \
                    against phases.",
            help: "use `status.conditions`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter nophase"],
        check: Check::Place(phase),
    },
    Rule {
        entry: Entry {
            code: "lint::reference-name",
            title: "The name of a reference ends in Reference or References",
            cause: "Kubernetes' own fields end in `Ref` and `Refs`, as `secretRef` does.",
            help: "end the name in `Ref` or `Refs`; a rename breaks users of the field",
        },
        default: Setting::Off,
        covers: &["kube-api-linter noreferences"],
        check: Check::Place(reference_name),
    },
    Rule {
        entry: Entry {
            code: "lint::timestamp-name",
            title: "The name of a time ends in Timestamp",
            cause: "Kubernetes' own fields end in `Time`, as `startTime` does.",
            help: "end the name in `Time`; a rename breaks users of the field",
        },
        default: Setting::Off,
        covers: &["kube-api-linter notimestamp"],
        check: Check::Place(timestamp_name),
    },
];

fn field_name(place: &Place<'_>, hits: &mut Hits) {
    if let Some(name) = place.name()
        && !is_lower_camel(name)
    {
        hits.at(place, "", format!("the name `{name}` is not in lower camel case"));
    }
}

fn is_lower_camel(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

fn field_names_collide(place: &Place<'_>, hits: &mut Hits) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in place.schema.properties.keys() {
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        // A name without letters is spelled out in generated code.
        if letters.is_empty() {
            continue;
        }
        match seen.get(&letters.to_ascii_lowercase()) {
            Some(other) => {
                hits.at(
                    place,
                    &format!("properties.{name}"),
                    format!("`{name}` and `{other}` differ only in their style"),
                );
            }
            None => drop(seen.insert(letters.to_ascii_lowercase(), name)),
        }
    }
}

fn phase(place: &Place<'_>, hits: &mut Hits) {
    if place.name().is_some_and(|name| name.eq_ignore_ascii_case("phase")) && place.is_in_status() {
        hits.at(place, "", "the status has a phase");
    }
}

fn reference_name(place: &Place<'_>, hits: &mut Hits) {
    if let Some(name) = place.name()
        && (name.ends_with("Reference") || name.ends_with("References"))
    {
        hits.at(place, "", format!("the name `{name}` ends in `Reference`"));
    }
}

fn timestamp_name(place: &Place<'_>, hits: &mut Hits) {
    if let Some(name) = place.name()
        && (name.ends_with("TimeStamp") || name.ends_with("Timestamp") || name == "timestamp")
    {
        hits.at(place, "", format!("the name `{name}` ends in `Timestamp`"));
    }
}
