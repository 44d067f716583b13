//! The operations of every resource and their names.

use std::collections::BTreeSet;

use crdgen_model::{ApiOperation, Model, Resource, ResourceId, Scope, View};

use crate::article::with_article;
use crate::markdown::{self, Dialect};

/// One HTTP operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name, unique over the document ignoring case: `listPipelineRuns`.
    pub id: String,
    /// The resource it works on.
    pub resource: ResourceId,
    /// Index into [`Model::views`], when a view of the resource is read.
    pub view: Option<usize>,
    /// Name of the kind or the view, for people.
    noun: String,
    /// Verb of the operation.
    pub verb: Verb,
    /// Objects that the operation works on.
    pub target: Target,
}

/// Verb of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads many objects.
    List,
    /// Makes a new object.
    Create,
    /// Reads one object.
    Get,
    /// Writes a whole object.
    Replace,
    /// Changes parts of an object.
    Patch,
    /// Removes an object.
    Delete,
    /// Removes many objects.
    DeleteCollection,
    /// Tells of changes as they happen, without end.
    Watch,
}

impl Verb {
    /// Returns the word for identifiers, in snake case.
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Create => "create",
            Self::Get => "get",
            Self::Replace => "replace",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::DeleteCollection => "delete_collection",
            Self::Watch => "watch",
        }
    }
}

/// Objects that an operation works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The objects of a namespace, or of the cluster when the kind is cluster-scoped.
    Collection,
    /// The objects of all namespaces.
    AllNamespaces,
    /// One object.
    Object,
    /// The status of an object.
    Status,
    /// The scale of an object.
    Scale,
}

impl Operation {
    /// Whether it answers that the caller has the object already.
    pub fn is_conditional_read(&self) -> bool {
        self.verb == Verb::Get && self.target != Target::Scale && self.view.is_none()
    }

    /// Returns a short summary of the operation.
    pub fn summary(&self, resource: &Resource) -> String {
        let kind = &self.noun;
        let verb = match self.verb {
            Verb::List => "List",
            Verb::Create => "Create",
            Verb::Get => "Read",
            Verb::Replace => "Replace",
            Verb::Patch => "Change",
            Verb::Delete | Verb::DeleteCollection => "Delete",
            Verb::Watch => "Watch",
        };
        match (self.verb, self.target) {
            (Verb::List | Verb::Watch, Target::AllNamespaces) => format!("{verb} {kind} objects of all namespaces"),
            (Verb::List | Verb::Watch | Verb::DeleteCollection, _) => match resource.scope {
                Scope::Namespaced => format!("{verb} {kind} objects of a namespace"),
                Scope::Cluster => format!("{verb} {kind} objects"),
            },
            (_, Target::Status) => format!("{verb} the status of {}", with_article(kind)),
            (_, Target::Scale) => format!("{verb} the scale of {}", with_article(kind)),
            _ => format!("{verb} {}", with_article(kind)),
        }
    }

    /// Returns details that a caller should know. `view` is the view that the operation reads.
    pub fn details(&self, resource: &Resource, view: Option<&View>, dialect: Dialect) -> String {
        let mut text = match (self.verb, self.target) {
            (Verb::List, _) => list_details(resource),
            (Verb::Create, _) => "Fails with 409 if the name is taken.".to_owned(),
            (Verb::Get, _) if self.view.is_some() => String::new(),
            (Verb::Get, _) => "The answer carries the object's version as its `ETag`.".to_owned(),
            (Verb::Replace, Target::Status) => "Only the status is stored; the rest of the object is ignored.".to_owned(),
            (Verb::Replace, _) => {
                "Fails with 409 if `metadata.resourceVersion` is not the stored version, and with 412 if `If-Match` is not."
                    .to_owned()
            }
            (Verb::Patch, Target::Status) => "A JSON merge patch (RFC 7396) of the status.".to_owned() + OTHER_PATCHES,
            (Verb::Patch, Target::Scale) => MERGE_PATCH.to_owned(),
            (Verb::Patch, _) => MERGE_PATCH.to_owned() + OTHER_PATCHES,
            (Verb::Delete, _) => "Answers 202 if the object has finalizers. It is deleted when all of them are removed.".to_owned(),
            (Verb::DeleteCollection, _) => {
                let text = "Deletes the objects that match the selectors, or all objects without a selector. Returns the deleted objects.";
                selecting(text, resource)
            }
            (Verb::Watch, _) => watch_details(resource),
        };
        if let Some(View { fields, .. }) = view {
            let space = if text.is_empty() { "" } else { " " };
            let fields: Vec<_> = fields.iter().map(|field| markdown::code(field, dialect)).collect();
            text.extend([space, "Only these fields are read: ", &fields.join(", "), "."]);
        }
        if let Some(warning) = &resource.deprecated {
            text.extend(["\n\nDeprecated: ", &markdown::safe(warning, dialect)]);
        }
        text
    }
}

const MERGE_PATCH: &str = "A JSON merge patch (RFC 7396): absent fields keep their values, and null removes a field.";
const OTHER_PATCHES: &str = " Also takes a JSON patch (RFC 6902) as `application/json-patch+json`, and a server-side apply as \
                             `application/apply-patch+yaml` with JSON inside.";

fn list_details(resource: &Resource) -> String {
    selecting("Returns one page. Send its `metadata.continue` as `continue` to get the next page.", resource)
}

fn watch_details(resource: &Resource) -> String {
    let text = "Server-sent events: first every existing object, then `SYNCED`, then each change. With `Last-Event-ID` or \
                `resourceVersion`, only the changes after that version; 410 if the server no longer has all of them.";
    selecting(text, resource)
}

/// Adds to `text` the fields that field selectors accept.
fn selecting(text: &str, resource: &Resource) -> String {
    let selectable: Vec<_> = resource.selectable_fields.iter().map(|path| path.trim_start_matches('.')).collect();
    match selectable.as_slice() {
        [] => text.to_owned(),
        fields => format!("{text} `fieldSelector` also takes {}.", fields.join(", ")),
    }
}

/// Every operation of every resource. The main operations of all resources are named before those whose names could also be
/// the main operation of another kind (`getRunStatus`: the status of a `Run`, or a `RunStatus`).
pub(super) fn operations(model: &Model) -> Vec<Operation> {
    let mut taken = BTreeSet::new();
    let main: Vec<_> = each(model, MAIN).map(|(id, verb, target)| name(model, id, verb, target, &mut taken)).collect();
    let side: Vec<_> = each(model, SIDE).map(|(id, verb, target)| name(model, id, verb, target, &mut taken)).collect();
    let seen: Vec<_> =
        views(model).map(|(view, verb, target)| name_of_view(model, view, verb, target, &mut taken)).collect();
    let mut operations: Vec<_> = main.into_iter().chain(side).chain(seen).collect();
    operations.sort_by_key(|operation| operation.resource);
    operations
}

const MAIN: &[(Verb, Target)] = &[
    (Verb::List, Target::Collection),
    (Verb::Create, Target::Collection),
    (Verb::Get, Target::Object),
    (Verb::Replace, Target::Object),
    (Verb::Patch, Target::Object),
    (Verb::Delete, Target::Object),
];

const SIDE: &[(Verb, Target)] = &[
    (Verb::List, Target::AllNamespaces),
    (Verb::Watch, Target::Collection),
    (Verb::Watch, Target::AllNamespaces),
    (Verb::Get, Target::Status),
    (Verb::Replace, Target::Status),
    (Verb::Patch, Target::Status),
    (Verb::Get, Target::Scale),
    (Verb::Replace, Target::Scale),
    (Verb::Patch, Target::Scale),
    (Verb::DeleteCollection, Target::Collection),
];

fn each<'a>(model: &'a Model, actions: &'a [(Verb, Target)]) -> impl Iterator<Item = (ResourceId, Verb, Target)> + 'a {
    model.resources.iter().enumerate().flat_map(move |(index, resource)| {
        let offered = actions.iter().filter(|(verb, target)| offers(resource, *verb, *target));
        offered.map(move |(verb, target)| (ResourceId(index), *verb, *target))
    })
}

const OF_VIEWS: &[(Verb, Target)] = &[
    (Verb::List, Target::Collection),
    (Verb::List, Target::AllNamespaces),
    (Verb::Watch, Target::Collection),
    (Verb::Watch, Target::AllNamespaces),
    (Verb::Get, Target::Object),
];

fn views(model: &Model) -> impl Iterator<Item = (usize, Verb, Target)> + '_ {
    model.views.iter().enumerate().flat_map(move |(index, view)| {
        let offered = OF_VIEWS.iter().filter(|(verb, target)| offers(model.resource(view.of), *verb, *target));
        offered.map(move |(verb, target)| (index, *verb, *target))
    })
}

/// Whether the resource has it, and the project wants it.
fn offers(resource: &Resource, verb: Verb, target: Target) -> bool {
    let offers = |offer| resource.operations.contains(&offer);
    let has = match target {
        Target::Collection | Target::Object => true,
        Target::AllNamespaces => resource.scope == Scope::Namespaced,
        Target::Status => resource.status && offers(ApiOperation::Status),
        Target::Scale => resource.scale.is_some() && offers(ApiOperation::Scale),
    };
    has && offers(match verb {
        Verb::List => ApiOperation::List,
        Verb::Create => ApiOperation::Create,
        Verb::Get => ApiOperation::Get,
        Verb::Replace => ApiOperation::Replace,
        Verb::Patch => ApiOperation::Patch,
        Verb::Delete => ApiOperation::Delete,
        Verb::DeleteCollection => ApiOperation::DeleteCollection,
        Verb::Watch => ApiOperation::Watch,
    })
}

fn name(model: &Model, id: ResourceId, verb: Verb, target: Target, taken: &mut BTreeSet<String>) -> Operation {
    let resource = model.resource(id);
    let one = &model.get(resource.root).name;
    // That there are many, the noun says.
    let word = if verb == Verb::DeleteCollection { Verb::Delete.word() } else { verb.word() };
    let suffix = match target {
        Target::Collection | Target::Object => "",
        Target::AllNamespaces => "ForAllNamespaces",
        Target::Status => "Status",
        Target::Scale => "Scale",
    };
    let noun =
        if matches!(verb, Verb::List | Verb::Watch | Verb::DeleteCollection) { &resource.plural_name } else { one };
    let wish = format!("{word}{noun}{suffix}");
    let spare = match (verb, target) {
        (_, Target::Status | Target::Scale) => format!("{wish}Subresource"),
        (Verb::Watch, _) => format!("{word}{one}Changes{suffix}"),
        _ => format!("{word}{one}Items{suffix}"),
    };
    let noun = resource.kind.clone();
    Operation { id: free([wish, spare], taken), resource: id, view: None, noun, verb, target }
}

fn name_of_view(model: &Model, index: usize, verb: Verb, target: Target, taken: &mut BTreeSet<String>) -> Operation {
    let view = &model.views[index];
    let word = verb.word();
    let noun = if verb == Verb::Get { &view.name } else { &view.plural_name };
    let suffix = if target == Target::AllNamespaces { "ForAllNamespaces" } else { "" };
    let wishes = [format!("{word}{noun}{suffix}"), format!("{word}{}View{suffix}", view.name)];
    Operation { id: free(wishes, taken), resource: view.of, view: Some(index), noun: view.name.clone(), verb, target }
}

/// The first wish that is free, or the last one with the first free number.
fn free(wishes: [String; 2], taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map({
        let last = wishes[1].clone();
        move |number| format!("{last}{number}")
    });
    wishes.into_iter().chain(numbered).find(|wish| taken.insert(wish.to_lowercase())).expect("numbers do not end")
}
