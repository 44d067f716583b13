//! Rules about the design of a CRD, for `crdgen lint`.
//!
//! A rule is an entry of a table: its code, its explanation, its default [`Setting`], and the function that checks
//! it. Each file of `rules/` has the rules of one subject. [`lint`] walks the schemas once and applies every rule
//! that is not off.

mod hits;
mod place;
mod rule;
pub mod rules;
mod setting;
mod settings;
mod subject;
mod walk;

use std::collections::HashMap;

use crdgen_schema::{Crd, Diagnostic};

use crate::report::{Finding, Level};
use hits::Hit;

pub use hits::Hits;
pub use place::{Place, Step};
pub use rule::{Check, Rule};
pub use setting::Setting;
pub use settings::Settings;
pub use subject::Subject;

/// Applies every rule that is not off to the versions of CRDs.
///
/// # Examples
///
/// ```
/// use crdgen::lint::{Settings, lint};
/// use crdgen_schema::crd::load;
/// use crdgen_schema::source::collect;
///
/// let crd = "
/// apiVersion: apiextensions.k8s.io/v1
/// kind: CustomResourceDefinition
/// metadata: {name: boats.example.org}
/// spec:
///   group: example.org
///   scope: Namespaced
///   names: {kind: Boat, plural: boats}
///   versions:
///   - name: v1
///     served: true
///     storage: true
///     schema:
///       openAPIV3Schema:
///         type: object
///         properties:
///           spec: {type: object, properties: {minutes: {type: integer, minimum: 3, maximum: 2}}}
/// ";
/// let crds = load(collect(&["-".to_owned()], crd.as_bytes()), &mut Vec::new()).crds;
/// let findings = lint(&crds, &Settings::default());
/// assert_eq!(findings[0].diagnostic.code, "lint::bounds-contradict");
/// assert_eq!(findings[0].field.as_deref(), Some("spec.minutes"));
/// ```
pub fn lint(crds: &[Crd], settings: &Settings) -> Vec<Finding> {
    let active: Vec<_> = rules::all().filter_map(|rule| Some((rule, settings.of(rule).level()?))).collect();
    crds.iter().flat_map(|crd| of_crd(crd, &active)).collect()
}

/// Keeps the findings that `base` does not have, by their fingerprints. Returns the number of the others.
pub fn only_new(findings: &mut Vec<Finding>, base: &[Finding]) -> usize {
    let mut known: HashMap<_, usize> = HashMap::new();
    for finding in base {
        *known.entry(finding.fingerprint(0)).or_default() += 1;
    }
    let before = findings.len();
    findings.retain(|finding| match known.get_mut(&finding.fingerprint(0)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    before - findings.len()
}

fn of_crd(crd: &Crd, active: &[(&'static Rule, Level)]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, version) in crd.versions.iter().enumerate() {
        let subject = Subject { crd, version, index };
        let mut hits: Vec<Hits> = active.iter().map(|_| Hits::default()).collect();
        for ((rule, _), hits) in active.iter().zip(&mut hits) {
            if let Check::Version(check) = rule.check {
                check(&subject, hits);
            }
        }
        walk::each(&subject, &mut |place| {
            for ((rule, _), hits) in active.iter().zip(&mut hits) {
                if let Check::Place(check) = rule.check {
                    check(place, hits);
                }
            }
        });
        let hits = active
            .iter()
            .zip(hits)
            .flat_map(|((rule, level), hits)| hits.0.into_iter().map(|hit| finding(&subject, rule, *level, hit)));
        found.extend(hits);
    }
    found.sort_by_key(|finding| finding.diagnostic.place.as_ref().map(|place| place.span.offset));
    found
}

fn finding(subject: &Subject<'_>, rule: &Rule, level: Level, hit: Hit) -> Finding {
    let Subject { crd, version, .. } = subject;
    let create = if level == Level::Error { Diagnostic::error } else { Diagnostic::warning };
    let diagnostic = create(rule.entry.code, hit.message)
        .at(&crd.source, hit.span)
        .path(format!("{}: {}", crd.name, hit.path))
        .help(rule.entry.help);
    Finding { level, field: hit.field, ..Finding::new(diagnostic, format!("{} {}", crd.name, version.name)) }
}
