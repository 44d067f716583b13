//! The HTTP API of a model, as every target that describes or calls it sees it.
//!
//! Decided here once: which operations a resource has, what they are called, what they take and answer, which types have a
//! read and a write form, and what Kubernetes' own types are called. It must not know OpenAPI or TypeScript.

mod builtin_types;
mod description;
mod form;
pub mod grammar;
mod operation;
pub mod permissions;

use std::collections::BTreeSet;

use crdgen_model::{Field, Model, Resource, ResourceId, Scope, Shape, TypeDef, TypeId, View};

pub use builtin_types::BuiltinTypes;
pub use description::{Description, Docs, Prose, RULE, rule_below};
pub use form::{Form, Nulls, filled};
pub use operation::{Operation, Target, Verb};

/// A model with the API around it. Ids beyond the model's own are the types that [`BuiltinTypes`] adds.
pub struct Api<'m> {
    /// Model that the API is made of.
    pub model: &'m Model,
    /// Kubernetes' own types.
    pub builtin: BuiltinTypes,
    /// Slots in which users may write null.
    pub nulls: Nulls,
    /// Every operation, grouped by resource.
    pub operations: Vec<Operation>,
    /// For each type, whether its write form is a type of its own.
    twofold: Vec<bool>,
}

/// A type in one of its forms: what becomes one named schema or interface.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// Its name in every target.
    pub name: String,
    /// The type.
    pub def: &'a TypeDef,
    /// Form of the answer's body.
    pub form: Form,
}

/// Body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// A whole object.
    Whole(TypeId, Form),
    /// A JSON merge patch of such an object.
    MergePatch(TypeId, Form),
}

/// One segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Fixed text.
    Text(&'a str),
    /// Namespace in the path.
    Namespace,
    /// Name of the object in the path.
    Name,
}

impl<'m> Api<'m> {
    /// The API of a model.
    pub fn new(model: &'m Model) -> Self {
        Self::with_nulls(model, Nulls::default())
    }

    /// The API of a model whose write forms have null where `nulls` says.
    pub fn with_nulls(model: &'m Model, nulls: Nulls) -> Self {
        let builtin = BuiltinTypes::new(model, nulls);
        let operations = operation::operations(model);
        let mut api = Self { model, builtin, nulls, operations, twofold: Vec::new() };
        api.twofold = api.twofold();
        api
    }

    /// For each type, whether its write form is a type of its own.
    fn twofold(&self) -> Vec<bool> {
        let types: Vec<_> = self.ids().map(|id| self.get(id)).map(|def| (def, self.fields(def, Form::Read))).collect();
        form::twofold(&types, self.nulls)
    }

    /// The API of a model for documents of one form each, where types go by the same names whatever `nulls` says.
    pub fn with_nulls_in_documents(model: &'m Model, nulls: Nulls) -> Self {
        Self { nulls, ..Self::new(model) }
    }

    /// The resource behind an id.
    pub fn resource(&self, id: ResourceId) -> &'m Resource {
        &self.model.resources[id.0]
    }

    /// The view that an operation reads.
    pub fn view(&self, operation: &Operation) -> Option<&'m View> {
        Some(&self.model.views[operation.view?])
    }

    /// The definition behind an id, the model's or Kubernetes'.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        match id.0.checked_sub(self.model.types.len()) {
            None => self.model.get(id),
            Some(index) => &self.builtin.types[index],
        }
    }

    /// Every id, the model's first.
    fn ids(&self) -> impl Iterator<Item = TypeId> {
        (0..self.model.types.len() + self.builtin.types.len()).map(TypeId)
    }

    /// The name of a type in a form.
    pub fn name(&self, id: TypeId, form: Form) -> String {
        let name = &self.get(id).name;
        match self.form(id, form) {
            Form::Read => name.clone(),
            Form::Write => format!("{name}Input"),
        }
    }

    /// The form under which a type is defined: a type whose forms are the same has only the read form.
    fn form(&self, id: TypeId, form: Form) -> Form {
        if self.twofold[id.0] { form } else { Form::Read }
    }

    /// The fields of an object in a form; none for an enum. A root begins with what every Kubernetes object has; where status
    /// has an endpoint of its own, the write form does not carry it.
    pub fn fields<'a>(&'a self, def: &'a TypeDef, form: Form) -> Vec<&'a Field> {
        let Shape::Object(object) = &def.shape else { return Vec::new() };
        if let Some(envelope) = self.builtin.envelope_of_view(self.model, def) {
            return envelope.iter().chain(&object.fields).collect();
        }
        let Some(resource) = def.root_of else { return object.fields.iter().collect() };
        let hides_status = form == Form::Write && self.resource(resource).status;
        let own = object.fields.iter().filter(|field| !(hides_status && field.wire == "status"));
        self.builtin.envelope(resource, form).iter().chain(own).collect()
    }

    /// Every type in every form that an operation takes or answers, by name.
    pub fn definitions(&self) -> Vec<Definition<'_>> {
        let mut first = vec![(self.builtin.problem, Form::Read)];
        if self.has_permissions() {
            first.push((self.builtin.permissions, Form::Read));
        }
        for operation in &self.operations {
            first.push(self.answer(operation));
            match self.body(operation) {
                Body::None => {}
                Body::Whole(id, form) | Body::MergePatch(id, form) => first.push((id, form)),
            }
        }
        self.reached(first)
    }

    /// These types and all that they are made of, by name.
    pub fn reached(&self, first: Vec<(TypeId, Form)>) -> Vec<Definition<'_>> {
        let mut seen = BTreeSet::new();
        let mut queue = first;
        while let Some((id, form)) = queue.pop() {
            let form = self.form(id, form);
            if seen.insert((id, form)) {
                let fields = self.fields(self.get(id), form);
                queue.extend(fields.iter().filter_map(|field| field.slot.ty.named()).map(|id| (id, form)));
            }
        }
        let mut definitions: Vec<_> = seen
            .into_iter()
            .map(|(id, form)| Definition { name: self.name(id, form), def: self.get(id), form })
            .collect();
        definitions.sort_by(|a, b| a.name.cmp(&b.name));
        definitions
    }

    /// Returns the body of an operation. A status is replaced by sending the whole object as it was read.
    pub fn body(&self, operation: &Operation) -> Body {
        let (read, write) = match operation.target {
            Target::Scale => ((self.builtin.scale, Form::Read), (self.builtin.scale_input, Form::Write)),
            _ => {
                let root = self.resource(operation.resource).root;
                ((root, Form::Read), (root, Form::Write))
            }
        };
        let (id, form) = if operation.target == Target::Status { read } else { write };
        match operation.verb {
            Verb::List | Verb::Get | Verb::Delete | Verb::DeleteCollection | Verb::Watch => Body::None,
            Verb::Create | Verb::Replace => Body::Whole(id, form),
            Verb::Patch => Body::MergePatch(id, form),
        }
    }

    /// Returns the type of a successful answer, or of each event of a watch.
    pub fn answer(&self, operation: &Operation) -> (TypeId, Form) {
        if let Some(index) = operation.view {
            let id = match operation.verb {
                Verb::List => self.builtin.list_of_views(index),
                Verb::Watch => self.builtin.watch_event_of_view(index),
                _ => self.model.views[index].root,
            };
            return (id, Form::Read);
        }
        let id = match (operation.verb, operation.target) {
            (Verb::List | Verb::DeleteCollection, _) => self.builtin.list(operation.resource),
            (Verb::Watch, _) => self.builtin.watch_event(operation.resource),
            (Verb::Delete, _) => self.builtin.status,
            (_, Target::Scale) => self.builtin.scale,
            _ => self.resource(operation.resource).root,
        };
        (id, Form::Read)
    }

    /// The path of an operation.
    pub fn path(&self, operation: &Operation) -> Vec<Segment<'m>> {
        let resource = self.resource(operation.resource);
        let mut path = vec![Segment::Text("apis"), Segment::Text(&resource.group), Segment::Text(&resource.version)];
        if operation.verb == Verb::Watch {
            path.push(Segment::Text("watch"));
        }
        if resource.scope == Scope::Namespaced && operation.target != Target::AllNamespaces {
            path.extend([Segment::Text("namespaces"), Segment::Namespace]);
        }
        path.push(Segment::Text(self.view(operation).map_or(&resource.plural, |view| &view.plural)));
        match operation.target {
            Target::Collection | Target::AllNamespaces => {}
            Target::Object => path.push(Segment::Name),
            Target::Status => path.extend([Segment::Name, Segment::Text("status")]),
            Target::Scale => path.extend([Segment::Name, Segment::Text("scale")]),
        }
        path
    }
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
