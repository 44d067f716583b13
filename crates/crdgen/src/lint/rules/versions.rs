//! Rules about the versions of a CRD and their documentation.

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting, Step, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::deprecated-without-warning",
            title: "A deprecated version does not say what to use",
            cause: "An API server warns users of a deprecated version. Without `deprecationWarning` the text names no replacement.",
            help: "add a `deprecationWarning` that names the version to use",
        },
        default: Setting::Off,
        covers: &[],
        check: Check::Version(deprecated_without_warning),
    },
    Rule {
        entry: Entry {
            code: "lint::description",
            title: "A field has no description",
            cause: "`kubectl explain`, API references and generated types show the description of a field.",
            help: "add a `description`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter commentstart"],
        check: Check::Place(description),
    },
    Rule {
        entry: Entry {
            code: "lint::stable-and-unstable",
            title: "A CRD serves a stable version and is stored in an unstable one",
            cause: "Every write of a stable version is converted to the stored version. Fields that only the stable version has are \
                    lost.",
            help: "store the newest stable version",
        },
        default: Setting::Off,
        covers: &[],
        check: Check::Version(stable_and_unstable),
    },
];

fn deprecated_without_warning(subject: &Subject<'_>, hits: &mut Hits) {
    if subject.version.deprecated.as_deref() == Some("") {
        let message = format!("the version {} is deprecated without a warning", subject.version.name);
        hits.of_version(subject, "deprecated", subject.version.span, message);
    }
}

fn description(place: &Place<'_>, hits: &mut Hits) {
    if matches!(place.step, Step::Property(_)) && place.schema.description.as_deref().unwrap_or_default().is_empty() {
        hits.at(place, "", "the field has no description");
    }
}

fn stable_and_unstable(subject: &Subject<'_>, hits: &mut Hits) {
    let is_stable = |name: &str| !name.contains("alpha") && !name.contains("beta");
    let version = subject.version;
    let serves_stable = subject.crd.versions.iter().any(|other| other.served && is_stable(&other.name));
    if version.storage && !is_stable(&version.name) && serves_stable {
        let message = format!("objects are stored as {}, although a stable version is served", version.name);
        hits.of_version(subject, "storage", version.span, message);
    }
}
