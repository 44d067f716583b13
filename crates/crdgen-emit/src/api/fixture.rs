//! Small models for the tests of all targets.

use crdgen_model::{
    ApiOperation, Bounds, Column, Field, FieldUnion, ListType, Model, Null, Object, Resource, ResourceId, Rule, Scale,
    Scope, Shape, Slot, Type, TypeDef, TypeId, Variant, View, ViewMetadata,
};
use serde_json::{Value as Json, json};

/// A namespaced resource of `ci.example.com/v1` without subresources.
pub fn resource(kind: &str, plural: &str) -> Resource {
    Resource {
        group: "ci.example.com".to_owned(),
        version: "v1".to_owned(),
        kind: kind.to_owned(),
        plural: plural.to_owned(),
        singular: kind.to_lowercase(),
        list_kind: format!("{kind}List"),
        tag: format!("{kind}s"),
        plural_name: format!("{kind}s"),
        short_names: Vec::new(),
        categories: Vec::new(),
        scope: Scope::Namespaced,
        root: TypeId(0),
        metadata: Vec::new(),
        status: false,
        scale: None,
        columns: Vec::new(),
        selectable_fields: Vec::new(),
        deprecated: None,
        schema: Default::default(),
        operations: ApiOperation::DEFAULT.into(),
    }
}

/// An empty slot of a type.
pub fn slot(ty: Type) -> Slot {
    Slot {
        ty,
        nullable: false,
        null: Null::Dropped,
        bounds: Default::default(),
        allowed: Vec::new(),
        rules: Vec::new(),
        validation: None,
    }
}

/// An optional field.
pub fn field(wire: &str, ty: Type) -> Field {
    Field { wire: wire.to_owned(), docs: None, required: false, default: None, slot: slot(ty) }
}

/// A field that the server fills.
pub fn filled_field(wire: &str, ty: Type, default: Json) -> Field {
    let slot = Slot { null: Null::Filled, ..slot(ty) };
    Field { wire: wire.to_owned(), docs: None, required: false, default: Some(default), slot }
}

/// String without a format.
pub const STRING: Type = Type::String { format: None };

/// A list of a type.
pub fn list(ty: Type) -> Type {
    let items = Slot { null: Null::Refused, ..slot(ty) };
    Type::List { items: Box::new(items), list_type: None, keys: Vec::new() }
}

/// Adds types and resources to a model.
#[derive(Default)]
pub struct Builder {
    pub model: Model,
}

impl Builder {
    /// Adds an object.
    pub fn object(&mut self, name: &str, fields: Vec<Field>) -> TypeId {
        self.shape(name, Shape::Object(Object { fields, ..Object::default() }))
    }

    /// Adds an enum of values with their names.
    pub fn enumeration(&mut self, name: &str, variants: &[(&str, &str)]) -> TypeId {
        let variant = |(wire, name): &(&str, &str)| Variant { wire: (*wire).to_owned(), name: (*name).to_owned() };
        self.shape(name, Shape::Enum(variants.iter().map(variant).collect()))
    }

    /// Adds a type.
    pub fn shape(&mut self, name: &str, shape: Shape) -> TypeId {
        let path = name.to_owned();
        let name = name.to_owned();
        self.model.types.push(TypeDef {
            name,
            docs: None,
            shape,
            root_of: None,
            view_of: None,
            apply_of: None,
            used_by: Vec::new(),
            path,
            kubernetes: None,
        });
        TypeId(self.model.types.len() - 1)
    }

    /// Adds a resource with a root type of its kind's name.
    pub fn kind(&mut self, resource: Resource, fields: Vec<Field>) -> ResourceId {
        let mut name = resource.kind.clone();
        name[..1].make_ascii_uppercase();
        let id = ResourceId(self.model.resources.len());
        let root = self.object(&name, fields);
        self.model.types[root.0].root_of = Some(id);
        self.model.resources.push(Resource { root, ..resource });
        id
    }

    /// Adds a view that reads the name and these fields.
    pub fn view(&mut self, of: ResourceId, name: &str, plural: &str, fields: Vec<Field>) {
        let metadata = self.object(&format!("{name}Metadata"), vec![field("name", STRING)]);
        let paths = ["metadata.name".to_owned()].into_iter().chain(fields.iter().map(|field| field.wire.clone()));
        let paths = paths.collect();
        let root = self.object(name, fields);
        self.model.types[root.0].view_of = Some(of);
        for id in [metadata, root] {
            self.model.types[id.0].used_by = vec![of];
        }
        self.model.views.push(View {
            name: name.to_owned(),
            of,
            root,
            plural: plural.to_owned(),
            plural_name: format!("{name}s"),
            metadata: ViewMetadata::Fields(metadata),
            fields: paths,
        });
    }

    /// The object behind an id, to change.
    pub fn object_mut(&mut self, id: TypeId) -> &mut Object {
        match &mut self.model.types[id.0].shape {
            Shape::Object(object) => object,
            Shape::Enum(_) => panic!("an enum"),
        }
    }
}

/// A text that tries to leave every kind of comment, string and template.
pub const HOSTILE: &str =
    "a */ b */* `c` ${d} \"e\" 'f' \\ \r g \r\n h \u{2028} i \u{0} j \u{202e} k\n\n@deprecated <script>{{ l }}";

/// Kinds that are called like what generated code leans on, with hostile text wherever a CRD has text.
pub fn hostile() -> Model {
    let mut builder = Builder::default();
    let mode = builder.enumeration("Mode", &[("", "Empty"), ("=~", "Matches"), ("true", "True"), ("True", "True2")]);
    let quoted = builder.enumeration("Quoted", &[(HOSTILE, "Hostile"), ("a'b\"c", "Quotes")]);
    let below = builder.object(
        "Below",
        vec![
            filled_field("size", Type::Named(mode), json!("")),
            filled_field("limit", Type::IntOrString, json!(HOSTILE)),
            field("__proto__", STRING),
        ],
    );
    let names = [
        "self",
        "$ref",
        "$schema",
        "3scale",
        "a-b",
        "x.y/z",
        "constructor",
        "new",
        "get",
        "readonly",
        "",
        "é",
        HOSTILE,
    ];
    let mut fields: Vec<_> = names.iter().map(|name| field(name, STRING)).collect();
    fields.extend(forms(mode, quoted, below));
    fields.iter_mut().for_each(|field| field.docs = Some(HOSTILE.into()));
    let spec = builder.object("RecordSpec", fields);
    let object = builder.object_mut(spec);
    object.unknown_fields = true;
    object.rules = vec![Rule { rule: HOSTILE.to_owned(), ..Rule::default() }];
    object.unions =
        vec![FieldUnion { exactly_one: true, branches: vec![vec!["self".to_owned()], vec![HOSTILE.to_owned()]] }];
    for kind in ["Record", "Array", "Promise", "Error", "Response", "Api", "ObjectMeta", "Problem", "postgresql"] {
        let fields = vec![field("spec", Type::Named(spec)), field("status", Type::Named(below))];
        builder.kind(Resource { status: true, ..resource(kind, &format!("{}s", kind.to_lowercase())) }, fields);
    }
    builder.model.types.iter_mut().for_each(|def| def.docs = Some(HOSTILE.into()));
    builder.model.resources[0] = Resource {
        scope: Scope::Cluster,
        columns: hostile_columns(),
        deprecated: Some(HOSTILE.to_owned()),
        scale: Some(Scale {
            spec_replicas_path: ".spec.replicas".to_owned(),
            status_replicas_path: ".status.replicas".to_owned(),
            label_selector_path: None,
        }),
        ..builder.model.resources[0].clone()
    };
    builder.model
}

/// Columns whose every text is hostile, with paths that a language could take for something else.
fn hostile_columns() -> Vec<Column> {
    let text = || HOSTILE.to_owned();
    let paths = [
        ".spec.constructor".to_owned(),
        ".status.__proto__".to_owned(),
        ".spec.__proto__.toString".to_owned(),
        ".spec.bare8.valueOf[0].size".to_owned(),
        r".spec['*/ ${x} '']".to_owned(),
        r#".spec.bare7[?(@.size==""); /* `")].limit"#.to_owned(),
        ".spec.bare7[?(@.__proto__=='a')].limit".to_owned(),
        ".spec.bare6[*]".to_owned(),
        text(),
    ];
    let column = |json_path| Column {
        name: text(),
        type_: text(),
        format: Some(text()),
        description: Some(text()),
        json_path,
        priority: 1,
        span: Default::default(),
    };
    paths.map(column).into()
}

/// A field of every form that a slot has, bare and nullable.
fn forms(mode: TypeId, quoted: TypeId, below: TypeId) -> Vec<Field> {
    let map = |ty: Type| Type::Map(Box::new(slot(ty)));
    let maybe = |ty: Type| Box::new(Slot { nullable: true, ..slot(ty) });
    let types = [
        Type::Boolean,
        Type::Integer { int32: true },
        Type::Number { float32: false },
        Type::String { format: Some("date-time".to_owned()) },
        Type::IntOrString,
        list(list(Type::Named(mode))),
        list(Type::IntOrString),
        Type::List { items: maybe(Type::Named(below)), list_type: Some(ListType::Map), keys: vec!["size".to_owned()] },
        map(list(Type::Named(below))),
        Type::Map(maybe(Type::IntOrString)),
        Type::AnyObject,
        Type::Any,
        Type::Named(quoted),
        Type::Named(below),
    ];
    let mut fields = Vec::new();
    for (index, ty) in types.into_iter().enumerate() {
        fields.push(field(&format!("bare{index}"), ty.clone()));
        let mut nullable = field(&format!("nullable{index}"), ty);
        nullable.slot.nullable = true;
        fields.push(nullable);
    }
    let mut known = field("known", Type::Integer { int32: false });
    known.slot.allowed = vec![json!(301), json!(-302)];
    let mut mixed = field("mixed", Type::Any);
    mixed.slot.allowed = vec![json!("a"), json!(null), json!({ "b": [HOSTILE] })];
    let mut bound = field("bound", Type::IntOrString);
    bound.slot.bounds =
        Bounds { pattern: Some("^[0-9]+%?$".to_owned()), minimum: Some(0.0), ..Bounds::default() }.into();
    let mut pattern = field("pattern", STRING);
    pattern.slot.bounds.pattern = Some(format!("(?i){HOSTILE}"));
    fields.extend([known, mixed, bound, pattern]);
    fields
}
