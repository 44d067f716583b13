//! A CRD before and after a change, prepared for making and judging objects.

use std::cell::OnceCell;

use crdgen_objects::Objects;
use crdgen_schema::admission::Options;
use crdgen_schema::crd::Version;
use crdgen_schema::{Admission, Crd};
use serde_json::Value as Json;

use crate::finding::Finding;
use crate::ordinary_status::ordinary;

/// Maximum work for one object, in values that are made or checked.
const MAX_WORK: usize = 60_000;

/// Copies of a CRD in which `status` is an ordinary field, so that objects have it and their status is judged.
pub(super) struct Copies {
    old: Crd,
    new: Option<Crd>,
    /// Whether another group or plural took the place of the old one.
    is_moved: bool,
}

impl Copies {
    /// Copies the CRD of a finding. Returns `None` if the old side has no such CRD.
    pub(super) fn of(old: &[Crd], new: &[Crd], name: &str) -> Option<Self> {
        let find = |crds: &[Crd]| crds.iter().find(|crd| crd.name == name).map(ordinary);
        let after = find(new);
        match (find(old), after) {
            (Some(old), new) => Some(Self { old, new, is_moved: false }),
            (None, Some(new)) => {
                // The CRD has another group or plural, so the old one has another name.
                let is_old = |crd: &&Crd| {
                    crd.names.kind == new.names.kind && (crd.group == new.group || crd.names.plural == new.names.plural)
                };
                let old = old.iter().find(is_old).map(ordinary)?;
                Some(Self { old, new: Some(new), is_moved: true })
            }
            (None, None) => None,
        }
    }
}

/// Versions of both sides that have one name.
pub(super) struct Pair<'s> {
    pub(super) old: &'s Version,
    pub(super) new: &'s Version,
    pub(super) objects: Objects<'s>,
    pub(super) before: Admission,
    pub(super) after: Admission,
}

impl<'s> Pair<'s> {
    /// Pairs a version with another one of the same CRD or of another release, as a server converts objects without a
    /// webhook.
    pub(super) fn converted(crd: &'s Crd, old: &'s Version, new: &'s Version) -> Self {
        let admission = |version: &Version| Admission::new(&version.schema, Options::default());
        let objects = Objects::for_version(crd, old).limited(MAX_WORK);
        Self { old, new, objects, before: admission(old), after: admission(new) }
    }
}

pub(super) struct Subject<'s> {
    copies: &'s Copies,
    pairs: Vec<Pair<'s>>,
    /// Served versions of the new CRD, each with the storage version, and the reverse.
    diverging: OnceCell<Vec<[Pair<'s>; 2]>>,
}

impl<'s> Subject<'s> {
    pub(super) fn new(copies: &'s Copies) -> Self {
        let pairs = copies.old.versions.iter().filter_map(|old| {
            let crd = copies.new.as_ref()?;
            let new = crd.versions.iter().find(|new| new.name == old.name)?;
            Some(Pair {
                old,
                new,
                objects: Objects::for_version(&copies.old, old).limited(MAX_WORK),
                before: Admission::for_version(&copies.old, old),
                after: Admission::for_version(crd, new),
            })
        });
        Self { copies, pairs: pairs.collect(), diverging: OnceCell::new() }
    }

    pub(super) fn old(&self) -> &'s Crd {
        &self.copies.old
    }

    pub(super) fn new_crd(&self) -> Option<&'s Crd> {
        self.copies.new.as_ref()
    }

    /// Returns the pair of versions that a finding is about.
    pub(super) fn pair(&self, finding: &Finding) -> Option<&Pair<'s>> {
        let version = finding.version.as_deref()?;
        self.pairs.iter().find(|pair| pair.old.name == version)
    }

    /// Returns a served version of the new CRD paired with its storage version, and the reverse.
    pub(super) fn diverging(&self, version: &str) -> Option<&[Pair<'s>; 2]> {
        let pairs = self.diverging.get_or_init(|| {
            let Some(crd) = self.new_crd() else { return Vec::new() };
            let Some(storage) = crd.versions.iter().find(|version| version.storage) else { return Vec::new() };
            let served = crd.versions.iter().filter(|version| version.served && !version.storage);
            served
                .map(|served| [Pair::converted(crd, served, storage), Pair::converted(crd, storage, served)])
                .collect()
        });
        pairs.iter().find(|[forward, _]| forward.old.name == version)
    }

    /// Returns the reason why requests for objects that the old CRD serves fail with the new one, whatever the objects
    /// are, if the finding is about that.
    pub(super) fn gone(&self, finding: &Finding) -> Option<String> {
        let crd = &self.copies.old;
        let version = finding.version.as_deref().unwrap_or_default();
        let served = |crd: &Crd| crd.versions.iter().any(|served| served.name == version && served.served);
        let is_served_now = self.copies.new.as_ref().is_some_and(served);
        Some(match finding.rule.id {
            "crd-removed" if self.copies.new.is_none() => {
                "deleted with the CRD; requests are answered with 404".to_owned()
            }
            "group-changed" | "plural-changed" if self.copies.is_moved => {
                format!("not moved: requests for {} are answered with 404", crd.name)
            }
            "scope-changed" => "a server refuses to change the scope of a CRD".to_owned(),
            "kind-changed" => {
                "a server refuses to change the kind of a CRD, and refuses objects of the old kind".to_owned()
            }
            "version-removed" | "version-unserved" if !is_served_now => {
                format!("requests for {version} are answered with 404")
            }
            "stored-version-removed" => {
                format!("a server refuses to remove {version} while objects are stored in it")
            }
            "cost-over-budget" | "expression-refused" => format!("a server refuses the new CRD: {}", finding.message),
            "status-removed" => "requests for /status are answered with 404".to_owned(),
            "scale-removed" => "requests for /scale are answered with 404".to_owned(),
            _ => return None,
        })
    }

    /// Returns a small object of the version of a finding, or else of the first version that serves objects.
    pub(super) fn any_object(&self, finding: &Finding) -> Result<Json, String> {
        let crd = &self.copies.old;
        let named = crd.versions.iter().find(|version| Some(&version.name) == finding.version.as_ref());
        let served = || crd.versions.iter().find(|version| version.served);
        let version = named.or_else(served).ok_or("no version is served")?;
        Objects::for_version(crd, version).minimal().map_err(|unmade| format!("no object was made: {unmade}"))
    }
}
