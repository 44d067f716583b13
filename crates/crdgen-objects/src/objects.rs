//! Objects of one version of a CRD.

use std::sync::{Mutex, PoisonError};

use crdgen_cel::name;
use crdgen_schema::crd::{Crd, Scope, Version};
use crdgen_schema::{Admission, Verdict};
use serde_json::{Map, Value as Json, json};

use crate::checks::Checks;
use crate::demand::Demand;
use crate::edit::{self, Key, Pointer};
use crate::maker::{self, Maker, Mode};
use crate::mentions::Mentions;
use crate::request::{Request, Wish};
use crate::step::Step;
use crate::unmade::Unmade;

/// Number of random objects that are tried before a smaller one is taken.
const MAX_DRAWS: usize = 6;

/// Number of names of an object that are tried.
const MAX_NAMES: usize = 8;

/// Maximum number of fields that are removed from an object because a server refuses it with them.
const MAX_REMOVED: usize = 24;

/// Maker of objects of one version of a CRD. An API server would accept the creation of each object.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use crdgen_objects::Objects;
/// use crdgen_schema::{Source, crds, documents};
///
/// let text = "
/// apiVersion: apiextensions.k8s.io/v1
/// kind: CustomResourceDefinition
/// metadata: {name: boats.example.com}
/// spec:
///   group: example.com
///   names: {kind: Boat, plural: boats}
///   scope: Namespaced
///   versions:
///   - name: v1
///     served: true
///     storage: true
///     schema:
///       openAPIV3Schema:
///         type: object
///         properties:
///           spec:
///             type: object
///             required: [code]
///             properties:
///               code: {type: string, pattern: '^[A-Z]{3}-\\d+$'}
///               oars: {type: integer, minimum: 2}
///               sails: {type: integer}
///             x-kubernetes-validations:
///             - rule: has(self.oars) != has(self.sails)
/// ".to_owned();
/// let source = Arc::new(Source { name: "boats.yaml".to_owned(), text });
/// let mut diagnostics = Vec::new();
/// let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
/// let crd = &found.crds[0];
///
/// let objects = Objects::for_version(crd, &crd.versions[0]);
/// let boat = objects.minimal()?;
/// assert_eq!(boat["spec"]["code"], "AAA-1");
/// // The rule wants one of two optional fields.
/// assert_eq!(boat["spec"]["oars"], 2);
/// # Ok::<(), crdgen_objects::Unmade>(())
/// ```
#[derive(Debug)]
pub struct Objects<'s> {
    crd: &'s Crd,
    version: &'s Version,
    admission: Admission,
    checks: Mutex<Checks<'s>>,
    /// Maximum work for one object.
    work: usize,
}

impl<'s> Objects<'s> {
    /// Prepares the schema of a version.
    pub fn for_version(crd: &'s Crd, version: &'s Version) -> Self {
        let admission = Admission::for_version(crd, version);
        Self { crd, version, admission, checks: Mutex::new(Checks::new(Some(&version.schema))), work: maker::MAX_WORK }
    }

    /// Returns the maker with a limit on the work for each object: at most `work` values are made or checked. Default
    /// and maximum: 500,000.
    pub fn limited(self, work: usize) -> Self {
        Self { work: work.min(self.work), ..self }
    }

    /// Returns an object with the required fields, and with `spec` if the version declares it. Fields with a default
    /// are left out, because the server fills them in.
    ///
    /// # Errors
    ///
    /// Returns the constraint for which no value was found.
    pub fn minimal(&self) -> Result<Json, Unmade> {
        self.object(Mode::Minimal, fastrand::Rng::with_seed(0), None)
    }

    /// Returns an object with each declared field once: one item in each list, one key in each map.
    ///
    /// Defaults and enum values are preferred, then values that fit the name of the field. The object has only one of
    /// several fields that exclude each other, and no field for which no value was found. The status is left out if it
    /// is a subresource.
    ///
    /// # Errors
    ///
    /// Returns the constraint for which no value was found.
    pub fn full(&self) -> Result<Json, Unmade> {
        let object = self.object(Mode::Full, fastrand::Rng::with_seed(0), None);
        object.or_else(|unmade| self.minimal().map_err(|_| unmade))
    }

    /// Returns a random object. Equal seeds give equal objects.
    ///
    /// # Errors
    ///
    /// Returns the constraint for which no value was found.
    pub fn random(&self, rng: &mut fastrand::Rng) -> Result<Json, Unmade> {
        for _ in 0..MAX_DRAWS {
            if let Ok(object) = self.object(Mode::Random, rng.fork(), None) {
                return Ok(object);
            }
        }
        self.minimal()
    }

    /// Returns the smallest object with `value` at `path`. The objects and lists on the path get their required fields
    /// and items.
    ///
    /// [`Step::Field`] is a declared property or the key of a map, [`Step::Item`] the first item of a list.
    ///
    /// # Errors
    ///
    /// Returns the constraint for which no value was found, for example because `value` is not valid at the path.
    pub fn with(&self, path: &[Step], value: Json) -> Result<Json, Unmade> {
        let wish = Wish { steps: path, value: Some(&value) };
        self.object(Mode::Minimal, fastrand::Rng::with_seed(0), Some(wish))
    }

    fn object(&self, mode: Mode, rng: fastrand::Rng, wish: Option<Wish<'_>>) -> Result<Json, Unmade> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let maker = Maker::new(&mut checks, mode, rng).limited(self.work);
        let mut maker = maker.of_objects(Map::new(), self.version.status);
        let mut head = self.head(&mut maker, mode);
        let wish_below = wish.filter(|wish| !fulfil_in_head(&mut head, wish));
        let mut maker = maker.of_objects(head, self.version.status);
        let object = maker.make(&Demand::of(&self.version.schema), &Request::root(wish_below))?;
        self.admitted(object, mode, wish)
    }

    /// Returns type and metadata of an object.
    fn head(&self, maker: &mut Maker<'_, 's>, mode: Mode) -> Map<String, Json> {
        let mut metadata = json!({"name": self.name(maker)});
        if mode == Mode::Full && self.crd.scope == Scope::Namespaced {
            metadata["namespace"] = json!("default");
        }
        Map::from_iter([
            ("apiVersion".to_owned(), json!(format!("{}/{}", self.crd.group, self.version.name))),
            ("kind".to_owned(), json!(self.crd.names.kind)),
            ("metadata".to_owned(), metadata),
        ])
    }

    /// Returns a name that the schema accepts.
    fn name(&self, maker: &mut Maker<'_, 's>) -> String {
        let schema =
            self.version.schema.properties.get("metadata").and_then(|metadata| metadata.properties.get("name"));
        let Some(schema) = schema else { return "example".to_owned() };
        let names = maker.scalars(&Demand::of(schema), &Request::root(None), &Mentions::default(), MAX_NAMES);
        let mut names = names.iter().filter_map(Json::as_str).filter(|name| name::is_subdomain(name));
        names.next().unwrap_or("example").to_owned()
    }

    /// Returns an object if a server accepts it. Fields of a full or random object that a server refuses are removed.
    fn admitted(&self, mut object: Json, mode: Mode, wish: Option<Wish<'_>>) -> Result<Json, Unmade> {
        for _ in 0..MAX_REMOVED {
            let verdict = self.admission.validate(&object, None);
            if verdict.is_accepted() && verdict.is_decided() {
                return match wish.is_none_or(|wish| wish.is_fulfilled(&object)) {
                    true => Ok(object),
                    false => Err(Unmade::new("", "the value was not kept")),
                };
            }
            let unmade = unmade(&verdict);
            let smaller = match mode {
                Mode::Minimal => None,
                Mode::Full | Mode::Random => self.without_refused(&object, &verdict),
            };
            object = smaller.ok_or(unmade)?;
        }
        Err(Unmade::new("", "too many fields are refused"))
    }

    /// Returns the object without the field that a verdict is about, or without a field around it.
    fn without_refused(&self, object: &Json, verdict: &Verdict) -> Option<Json> {
        let verdict = verdict.clone().refusing_undecided();
        let mut pointer = pointer(object, verdict.causes.first()?.path()?);
        while pointer.len() > 1 {
            let mut smaller = object.clone();
            edit::remove(&mut smaller, &pointer);
            let left = self.admission.validate(&smaller, None).refusing_undecided();
            if smaller != *object && left.causes.len() < verdict.causes.len() {
                return Some(smaller);
            }
            pointer.pop();
        }
        None
    }
}

/// Puts a wished value into the type or the metadata of an object. Returns false if the wish is about other fields.
fn fulfil_in_head(head: &mut Map<String, Json>, wish: &Wish<'_>) -> bool {
    let ([Step::Field(first), steps @ ..], Some(value)) = (wish.steps, wish.value) else { return false };
    let Some(mut at) = head.get_mut(first) else { return false };
    for step in steps {
        let Step::Field(name) = step else { return false };
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[name];
    }
    *at = value.clone();
    true
}

fn unmade(verdict: &Verdict) -> Unmade {
    let verdict = verdict.clone().refusing_undecided();
    match (verdict.malformed, verdict.causes.into_iter().next()) {
        (Some(reason), _) => Unmade::new("", reason),
        (None, Some(cause)) => Unmade::new(cause.path().unwrap_or_default(), cause.message.clone()),
        (None, None) => Unmade::new("", "the object is refused"),
    }
}

/// Returns the longest path in an object that a cause's path names: `spec.ports[0].name`, `spec.labels[key]`.
fn pointer(object: &Json, path: &str) -> Pointer {
    let mut pointer = Pointer::new();
    let mut at = object;
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        let key = match at {
            Json::Array(_) => part.parse().ok().map(Key::Index),
            _ => Some(Key::Field(part.to_owned())),
        };
        let Some(below) = key.as_ref().and_then(|key| edit::get(at, std::slice::from_ref(key))) else { break };
        pointer.extend(key);
        at = below;
    }
    pointer
}
