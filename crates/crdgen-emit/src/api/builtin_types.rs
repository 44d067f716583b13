//! Kubernetes' own types that the API speaks, as definitions like any other, under names that the model left free.

use std::collections::BTreeSet;

use crdgen_model::{
    Bounds, Field, Model, Null, Object, Resource, ResourceId, Shape, Slot, Type, TypeDef, TypeId, Variant,
    ViewMetadata, metadata_description as description,
};
use serde_json::Value as Json;

use super::{Form, Nulls, grammar};
use crate::article::with_article;

/// Ids of Kubernetes' types and the parts of every root.
pub struct BuiltinTypes {
    /// The definitions; their ids follow the model's.
    pub types: Vec<TypeDef>,
    /// The name of `x-kubernetes-int-or-string`.
    pub int_or_string: String,
    /// The name of the same or null.
    pub int_or_string_or_null: String,
    /// The body of `scale`.
    pub scale: TypeId,
    /// A scale as users send it.
    pub scale_input: TypeId,
    /// The answer of a deletion.
    pub status: TypeId,
    /// The answer of a failed operation.
    pub problem: TypeId,
    /// One reason for it.
    pub cause: TypeId,
    /// The permissions of a caller.
    pub permissions: TypeId,
    /// A verb of a permission.
    pub permission_verb: TypeId,
    /// By resource, `apiVersion`, `kind` and `metadata` of what is read and of what is written.
    envelopes: Vec<[[Field; 3]; 2]>,
    /// By resource, its list.
    lists: Vec<TypeId>,
    /// By resource, an event of a watch.
    watch_events: Vec<TypeId>,
    /// By view, `apiVersion`, `kind` and what it reads of `metadata`.
    view_envelopes: Vec<Vec<Field>>,
    /// By view, its list.
    view_lists: Vec<TypeId>,
    /// By view, an event of a watch.
    view_watch_events: Vec<TypeId>,
}

impl BuiltinTypes {
    /// The types for a model.
    pub(super) fn new(model: &Model, nulls: Nulls) -> Self {
        let mut new = Definitions::new(model);
        let owner = new.add("OwnerReference", "Reference to an object that owns this one.", owner_reference());
        let meta = new.add("ObjectMeta", "Metadata of an object, as it is read.", object_meta(owner));
        let meta_input =
            new.add("ObjectMetaInput", "Metadata of an object, as users write it.", object_meta_input(owner, nulls));
        let list_meta = new.add("ListMeta", "Metadata of a list.", list_meta());
        let scale_spec = new.add("ScaleSpec", "Desired size of an object.", scale_spec());
        let scale_status = new.add("ScaleStatus", "Observed size of an object.", scale_status());
        let present = [required(named("status", scale_status))];
        let scale_fields = scaled(Form::Read, meta, scale_spec).into_iter().chain(present).collect();
        let scale = new.add("Scale", "Size of an object: desired and observed number of replicas.", scale_fields);
        let scale_input_fields = scaled(Form::Write, meta_input, scale_spec);
        let scale_input = new.add("ScaleInput", "Size of an object, as users write it.", scale_input_fields);
        let details = new.add("StatusDetails", "Object that an answer is about.", status_details());
        let status = new.add("Status", "Outcome of an operation that returns no object.", status(details));
        let reason = new.enumeration("ProblemReason", "Reason why an operation failed, for programs.", REASONS);
        let cause = new.add("ProblemCause", "Field that caused a problem.", problem_cause());
        let problem =
            new.add("Problem", "Failure of an operation, as a problem document of RFC 9457.", problem(reason, cause));
        let verb = new.enumeration("PermissionVerb", "Verb of an operation, as a role names it.", VERBS);
        let permission =
            new.add("Permission", "Verbs that the caller may run on the objects of a kind.", permission(verb));
        let permissions = new.add("Permissions", "Permissions of the caller.", permissions(permission));
        let int_or_string = new.name("IntOrString");
        let int_or_string_or_null = new.name("IntOrStringOrNull");
        let lists = model.resources.iter().map(|resource| {
            let root = model.get(resource.root);
            let items =
                Type::List { items: Box::new(slot(Type::Named(resource.root))), list_type: None, keys: Vec::new() };
            let [version, kind] = type_meta(Form::Read, &api_version(resource), &resource.list_kind);
            let fields = vec![
                version,
                kind,
                required(named("metadata", list_meta)),
                required(field("items", "Objects of this page.", items)),
            ];
            new.push(format!("{}List", root.name), &format!("A list of {} objects.", resource.kind), fields)
        });
        let lists = lists.collect();
        let change = new.enumeration("WatchEventType", "Type of a watch event.", CHANGES);
        let gone = new.add("WatchedObject", "Identity of the object that an event is about.", watched_object());
        let watch_events = model.resources.iter().map(|resource| {
            let root = model.get(resource.root);
            let fields = watch_event(change, resource.root, gone, problem);
            let docs = format!("Watch event of {}.", with_article(&resource.kind));
            let name = new.name(&format!("{}WatchEvent", root.name));
            new.push(name, &docs, fields)
        });
        let watch_events = watch_events.collect();
        let view_lists = model.views.iter().map(|view| {
            let resource = model.resource(view.of);
            let items = Type::List { items: Box::new(slot(Type::Named(view.root))), list_type: None, keys: Vec::new() };
            let [version, kind] = type_meta(Form::Read, &api_version(resource), &resource.list_kind);
            let fields = vec![
                version,
                kind,
                required(named("metadata", list_meta)),
                required(field("items", "Views of this page.", items)),
            ];
            new.push(format!("{}List", view.name), &format!("A list of {} views.", view.name), fields)
        });
        let view_lists = view_lists.collect();
        let view_watch_events = model.views.iter().map(|view| {
            let fields = watch_event(change, view.root, gone, problem);
            let docs = format!("Watch event of {}.", with_article(&view.name));
            let name = new.name(&format!("{}WatchEvent", view.name));
            new.push(name, &docs, fields)
        });
        let view_watch_events = view_watch_events.collect();
        let view_envelopes = model.views.iter().map(|view| {
            let resource = model.resource(view.of);
            let [version, kind, whole] = envelope(Form::Read, resource, meta);
            let metadata = match view.metadata {
                ViewMetadata::None => None,
                ViewMetadata::Whole => Some(whole),
                ViewMetadata::Fields(id) => Some(required(named("metadata", id))),
            };
            [version, kind].into_iter().chain(metadata).collect()
        });
        let view_envelopes = view_envelopes.collect();
        let envelopes = model
            .resources
            .iter()
            .map(|resource| [envelope(Form::Read, resource, meta), envelope(Form::Write, resource, meta_input)])
            .collect();
        Self {
            types: new.types,
            int_or_string,
            int_or_string_or_null,
            scale,
            scale_input,
            status,
            problem,
            cause,
            permissions,
            permission_verb: verb,
            envelopes,
            lists,
            watch_events,
            view_envelopes,
            view_lists,
            view_watch_events,
        }
    }

    /// Returns the envelope fields of a view's root, or `None` if the type is not a view's root.
    pub(super) fn envelope_of_view(&self, model: &Model, def: &TypeDef) -> Option<&[Field]> {
        def.view_of?;
        let index = model.views.iter().position(|view| view.name == def.name)?;
        Some(&self.view_envelopes[index])
    }

    /// The list of a view.
    pub(super) fn list_of_views(&self, view: usize) -> TypeId {
        self.view_lists[view]
    }

    /// An event of a watch of a view.
    pub(super) fn watch_event_of_view(&self, view: usize) -> TypeId {
        self.view_watch_events[view]
    }

    /// `apiVersion`, `kind` and `metadata` of a resource's root.
    pub(super) fn envelope(&self, resource: ResourceId, form: Form) -> &[Field; 3] {
        let [read, write] = &self.envelopes[resource.0];
        match form {
            Form::Read => read,
            Form::Write => write,
        }
    }

    /// The list of a resource.
    pub(super) fn list(&self, resource: ResourceId) -> TypeId {
        self.lists[resource.0]
    }

    /// An event of a watch of a resource.
    pub(super) fn watch_event(&self, resource: ResourceId) -> TypeId {
        self.watch_events[resource.0]
    }
}

/// Types of watch events. `SYNCED` ends the objects that existed when the watch began; `BOOKMARK` only
/// reports a newer resourceVersion.
const CHANGES: &[&str] = &["ADDED", "MODIFIED", "DELETED", "SYNCED", "BOOKMARK", "ERROR"];

/// The reasons of a problem: those of Kubernetes, and `PreconditionFailed` for a missed `If-Match`, and
/// `NotImplemented`.
const REASONS: &[&str] = &[
    "BadRequest",
    "Unauthorized",
    "Forbidden",
    "NotFound",
    "MethodNotAllowed",
    "NotAcceptable",
    "AlreadyExists",
    "Conflict",
    "Gone",
    "Expired",
    "PreconditionFailed",
    "RequestEntityTooLarge",
    "UnsupportedMediaType",
    "Invalid",
    "TooManyRequests",
    "ServerTimeout",
    "Timeout",
    "ServiceUnavailable",
    "NotImplemented",
    "InternalError",
];

/// Verbs of permissions.
const VERBS: &[&str] = &["get", "list", "create", "update", "patch", "delete", "deletecollection", "watch"];

/// Definitions under construction.
struct Definitions {
    types: Vec<TypeDef>,
    first: usize,
    taken: BTreeSet<String>,
}

impl Definitions {
    fn new(model: &Model) -> Self {
        let mut taken = BTreeSet::new();
        for def in &model.types {
            taken.extend(["", "Input", "List"].map(|suffix| format!("{}{suffix}", def.name).to_ascii_lowercase()));
        }
        Self { types: Vec::new(), first: model.types.len(), taken }
    }

    /// The wished name, with `Kube` before it as often as a CRD's type has that name.
    fn name(&mut self, wish: &str) -> String {
        let mut name = wish.to_owned();
        while !self.taken.insert(name.to_ascii_lowercase()) {
            name.insert_str(0, "Kube");
        }
        name
    }

    fn add(&mut self, wish: &str, docs: &str, fields: Vec<Field>) -> TypeId {
        let name = self.name(wish);
        self.push(name, docs, fields)
    }

    fn enumeration(&mut self, wish: &str, docs: &str, values: &[&str]) -> TypeId {
        let name = self.name(wish);
        let variant = |value: &&str| Variant { wire: (*value).to_owned(), name: (*value).to_owned() };
        self.shape(name, docs, Shape::Enum(values.iter().map(variant).collect()))
    }

    fn push(&mut self, name: String, docs: &str, fields: Vec<Field>) -> TypeId {
        self.shape(name, docs, Shape::Object(Object { fields, ..Object::default() }))
    }

    fn shape(&mut self, name: String, docs: &str, shape: Shape) -> TypeId {
        let id = TypeId(self.first + self.types.len());
        let (path, docs) = (name.clone(), Some(docs.into()));
        self.types.push(TypeDef {
            name,
            docs,
            shape,
            root_of: None,
            view_of: None,
            apply_of: None,
            used_by: Vec::new(),
            path,
            kubernetes: None,
        });
        id
    }
}

fn api_version(resource: &Resource) -> String {
    format!("{}/{}", resource.group, resource.version)
}

fn envelope(form: Form, resource: &Resource, meta: TypeId) -> [Field; 3] {
    let [version, kind] = type_meta(form, &api_version(resource), &resource.kind);
    [version, kind, required(named("metadata", meta))]
}

/// The two constants that every object carries. Users may leave them out: the path says them too.
fn type_meta(form: Form, api_version: &str, kind: &str) -> [Field; 2] {
    let constants = [
        constant("apiVersion", "Group and version of the object's type.", api_version),
        constant("kind", "Kind of the object.", kind),
    ];
    match form {
        Form::Read => constants.map(required),
        Form::Write => constants,
    }
}

fn owner_reference() -> Vec<Field> {
    vec![
        required(bounded(string("apiVersion", "Group and version of the owner."), grammar::not_empty())),
        required(bounded(string("kind", "Kind of the owner."), grammar::not_empty())),
        required(bounded(string("name", "Name of the owner."), grammar::not_empty())),
        required(bounded(string("uid", "Identity of the owner."), grammar::not_empty())),
        field("controller", "Whether the owner is the controller that manages this object.", Type::Boolean),
        field(
            "blockOwnerDeletion",
            "Whether the owner stays until this object is removed, in a foreground deletion.",
            Type::Boolean,
        ),
    ]
}

fn object_meta(owner: TypeId) -> Vec<Field> {
    let of_server = |name: &str| string(name, description(name));
    let mut fields = vec![
        required(of_server("name")),
        required(of_server("uid")),
        required(of_server("resourceVersion")),
        required(time("creationTimestamp", description("creationTimestamp"))),
        of_server("namespace"),
        field("generation", description("generation"), INT64),
        time("deletionTimestamp", description("deletionTimestamp")),
        field("deletionGracePeriodSeconds", description("deletionGracePeriodSeconds"), INT64),
    ];
    fields.extend(users_meta(owner, Form::Read));
    fields
}

fn object_meta_input(owner: TypeId, nulls: Nulls) -> Vec<Field> {
    let name = format!("{} Required unless `generateName` is given.", description("name"));
    let mut fields = vec![
        bounded(string("name", &name), grammar::name()),
        string("namespace", "Namespace of the object. Default: the namespace in the path."),
        string(
            "resourceVersion",
            "Version that was read. If the object has changed since then, the write is a conflict.",
        ),
    ];
    fields.extend(users_meta(owner, Form::Write));
    // Go reads null as "not given", here as in all of `metadata`.
    fields.iter_mut().for_each(|field| field.slot.nullable = nulls == Nulls::Dropped);
    fields
}

/// Returns the fields of `metadata` that users write. Only the write form has grammars: objects that are read keep to
/// them anyway, and their types stay plain strings.
fn users_meta(owner: TypeId, form: Form) -> [Field; 5] {
    let of = |grammar: fn() -> Bounds| match form {
        Form::Read => Bounds::default(),
        Form::Write => grammar(),
    };
    let strings = |bounds: Bounds| Box::new(Slot { bounds: bounds.into(), ..slot(STRING) });
    let owners = Type::List { items: Box::new(slot(Type::Named(owner))), list_type: None, keys: Vec::new() };
    let finalizers = Type::List { items: strings(of(grammar::finalizer)), list_type: None, keys: Vec::new() };
    [
        bounded(string("generateName", description("generateName")), of(grammar::generate_name)),
        field("labels", description("labels"), Type::Map(strings(of(grammar::label_value)))),
        field("annotations", description("annotations"), Type::Map(strings(Bounds::default()))),
        field("finalizers", description("finalizers"), finalizers),
        field("ownerReferences", description("ownerReferences"), owners),
    ]
}

fn list_meta() -> Vec<Field> {
    vec![
        string("resourceVersion", "Version of the store that the list shows. A watch can start after it."),
        string("continue", "Token for the next page, to be sent as `continue`. Absent or empty on the last page."),
        field("remainingItemCount", "Number of objects after this page, if the server knows it.", INT64),
    ]
}

fn scaled(form: Form, meta: TypeId, spec: TypeId) -> Vec<Field> {
    let [version, kind] = type_meta(form, "autoscaling/v1", "Scale");
    vec![version, kind, required(named("metadata", meta)), required(named("spec", spec))]
}

fn scale_spec() -> Vec<Field> {
    vec![required(field("replicas", "Desired number of replicas.", INT32))]
}

fn scale_status() -> Vec<Field> {
    vec![
        required(field("replicas", "Observed number of replicas.", INT32)),
        string("selector", "Label selector of the replicas."),
    ]
}

fn status(details: TypeId) -> Vec<Field> {
    let [version, kind] = type_meta(Form::Read, "v1", "Status");
    vec![
        version,
        kind,
        required(string("status", "`Success`. A failure is a problem document instead.")),
        required(named("details", details)),
    ]
}

fn status_details() -> Vec<Field> {
    vec![
        required(string("name", "Name of the object.")),
        required(string("group", "API group of the object.")),
        required(string("kind", "Plural name of the object's kind.")),
        required(string("uid", "Identifier of the object.")),
    ]
}

fn watch_event(change: TypeId, root: TypeId, gone: TypeId, problem: TypeId) -> Vec<Field> {
    vec![
        required(named("type", change)),
        field(
            "object",
            "Object after the change, or the last known state of an object that is gone.",
            Type::Named(root),
        ),
        field("gone", "Identity of the object that was deleted or is no longer selected.", Type::Named(gone)),
        string("resourceVersion", "Version up to which all changes were reported. A later watch can resume after it."),
        field("error", "Problem that ended the watch.", Type::Named(problem)),
    ]
}

fn watched_object() -> Vec<Field> {
    vec![
        required(string("name", "Name of the object.")),
        string("namespace", "Namespace of the object; absent if the kind is cluster-scoped."),
        required(string("uid", "Identifier of the object. A later object of the same name has another one.")),
    ]
}

fn problem(reason: TypeId, cause: TypeId) -> Vec<Field> {
    let causes = Type::List { items: Box::new(slot(Type::Named(cause))), list_type: None, keys: Vec::new() };
    vec![
        required(string("type", "URI of the problem type.")),
        required(string("title", "Short summary of the problem type.")),
        required(field("status", "HTTP status.", INT32)),
        required(named("reason", reason)),
        string("detail", "Explanation of this occurrence."),
        string("instance", "URI of this occurrence."),
        field("causes", "Fields that caused the problem.", causes),
    ]
}

fn problem_cause() -> Vec<Field> {
    vec![
        required(string("field", "Path of the field. Empty for the whole object.")),
        required(string("reason", "Reason, for programs: `FieldValueRequired`, `FieldValueInvalid`, ...")),
        required(string("message", "Explanation, for people.")),
    ]
}

fn permissions(permission: TypeId) -> Vec<Field> {
    let items = Type::List { items: Box::new(slot(Type::Named(permission))), list_type: None, keys: Vec::new() };
    vec![
        string("namespace", "Namespace that the question was about; absent for all namespaces."),
        required(field("items", "Kinds and subresources on which the caller may run something.", items)),
    ]
}

fn permission(verb: TypeId) -> Vec<Field> {
    let verbs = Type::List { items: Box::new(slot(Type::Named(verb))), list_type: None, keys: Vec::new() };
    vec![
        required(string("group", "API group of the kind.")),
        required(string("version", "API version of the kind.")),
        required(string("kind", "Kind of the objects.")),
        required(string(
            "resource",
            "Plural name of the kind, followed by the subresource if there is one: `boats/status`.",
        )),
        required(field("verbs", "Verbs that the caller may run.", verbs)),
    ]
}

const INT32: Type = Type::Integer { int32: true };
const INT64: Type = Type::Integer { int32: false };
const STRING: Type = Type::String { format: None };

fn string(wire: &str, docs: &str) -> Field {
    field(wire, docs, STRING)
}

fn time(wire: &str, docs: &str) -> Field {
    field(wire, docs, Type::String { format: Some("date-time".to_owned()) })
}

fn constant(wire: &str, docs: &str, value: &str) -> Field {
    let mut field = string(wire, docs);
    field.slot.allowed.push(Json::from(value));
    field
}

fn field(wire: &str, docs: &str, ty: Type) -> Field {
    Field { wire: wire.to_owned(), docs: Some(docs.into()), required: false, default: None, slot: slot(ty) }
}

fn bounded(mut field: Field, bounds: Bounds) -> Field {
    field.slot.bounds = bounds.into();
    field
}

/// A field that its type documents.
fn named(wire: &str, id: TypeId) -> Field {
    Field { wire: wire.to_owned(), docs: None, required: false, default: None, slot: slot(Type::Named(id)) }
}

fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

fn slot(ty: Type) -> Slot {
    Slot {
        ty,
        nullable: false,
        null: Null::Refused,
        bounds: Default::default(),
        allowed: Vec::new(),
        rules: Vec::new(),
        validation: None,
    }
}
