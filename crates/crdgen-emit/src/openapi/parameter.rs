//! The parameters that operations share.

use crdgen_model::Bounds;
use indexmap::IndexMap;
use openapiv3::{
    HeaderStyle, IntegerFormat, IntegerType, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
    ReferenceOr, Schema, SchemaData, SchemaKind, StringType, Type as SchemaType, VariantOrUnknownOrEmpty,
};

use crate::api::{Api, Operation, Segment, Verb, grammar};

/// A parameter that stands in `components/parameters`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shared {
    Namespace,
    Name,
    Limit,
    Continue,
    LabelSelector,
    FieldSelector,
    IfMatch,
    IfNoneMatch,
    ResourceVersion,
    LastEventId,
    DryRun,
    FieldManager,
    FieldValidation,
}

const ALL: [Shared; 13] = [
    Shared::Namespace,
    Shared::Name,
    Shared::Limit,
    Shared::Continue,
    Shared::LabelSelector,
    Shared::FieldSelector,
    Shared::IfMatch,
    Shared::IfNoneMatch,
    Shared::ResourceVersion,
    Shared::LastEventId,
    Shared::DryRun,
    Shared::FieldManager,
    Shared::FieldValidation,
];

/// References to the parameters of an operation.
pub fn of(api: &Api<'_>, operation: &Operation) -> Vec<ReferenceOr<Parameter>> {
    let reference = |shared: Shared| ReferenceOr::ref_(&format!("#/components/parameters/{}", shared.component()));
    used_by(api, operation).map(reference).collect()
}

/// The parameters that some operation uses.
pub fn shared(api: &Api<'_>) -> IndexMap<String, ReferenceOr<Parameter>> {
    let used =
        |shared: &Shared| api.operations.iter().any(|operation| used_by(api, operation).any(|used| used == *shared));
    ALL.into_iter()
        .filter(used)
        .map(|shared| (shared.component().to_owned(), ReferenceOr::Item(shared.write())))
        .collect()
}

fn used_by(api: &Api<'_>, operation: &Operation) -> impl Iterator<Item = Shared> {
    let in_path = api.path(operation).into_iter().filter_map(|segment| match segment {
        Segment::Namespace => Some(Shared::Namespace),
        Segment::Name => Some(Shared::Name),
        Segment::Text(_) => None,
    });
    let beside: &[Shared] = match operation.verb {
        Verb::List => &[Shared::Limit, Shared::Continue, Shared::LabelSelector, Shared::FieldSelector],
        Verb::Watch => &[Shared::LabelSelector, Shared::FieldSelector, Shared::ResourceVersion, Shared::LastEventId],
        Verb::Create => &[Shared::DryRun, Shared::FieldManager, Shared::FieldValidation],
        Verb::Replace | Verb::Patch => {
            &[Shared::IfMatch, Shared::DryRun, Shared::FieldManager, Shared::FieldValidation]
        }
        Verb::Delete => &[Shared::IfMatch, Shared::DryRun],
        Verb::DeleteCollection => &[Shared::LabelSelector, Shared::FieldSelector, Shared::DryRun],
        Verb::Get if operation.is_conditional_read() => &[Shared::IfNoneMatch],
        Verb::Get => &[],
    };
    in_path.chain(beside.iter().copied())
}

impl Shared {
    fn component(self) -> &'static str {
        match self {
            Shared::Namespace => "Namespace",
            Shared::Name => "Name",
            Shared::Limit => "Limit",
            Shared::Continue => "Continue",
            Shared::LabelSelector => "LabelSelector",
            Shared::FieldSelector => "FieldSelector",
            Shared::IfMatch => "IfMatch",
            Shared::IfNoneMatch => "IfNoneMatch",
            Shared::ResourceVersion => "ResourceVersion",
            Shared::LastEventId => "LastEventId",
            Shared::DryRun => "DryRun",
            Shared::FieldManager => "FieldManager",
            Shared::FieldValidation => "FieldValidation",
        }
    }

    fn write(self) -> Parameter {
        match self {
            Shared::Namespace => path("namespace", "Namespace of the object.", grammar::namespace()),
            Shared::Name => path("name", "Name of the object.", grammar::name()),
            Shared::Limit => {
                let limit = IntegerType {
                    format: VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64),
                    minimum: Some(0),
                    ..IntegerType::default()
                };
                query(
                    "limit",
                    "Maximum number of objects on a page. All objects if 0 or absent.",
                    SchemaType::Integer(limit),
                )
            }
            Shared::Continue => query("continue", "`metadata.continue` of the previous page.", text()),
            Shared::LabelSelector => {
                query("labelSelector", "Only objects with these labels, for example `app=web,tier!=test`.", text())
            }
            Shared::FieldSelector => {
                query("fieldSelector", "Only objects with these fields, for example `metadata.name=web`.", text())
            }
            Shared::IfMatch => header("If-Match", "Fails with 412 unless this is the `ETag` of the stored object."),
            Shared::IfNoneMatch => header("If-None-Match", "Answers 304 when this is the `ETag` of the stored object."),
            Shared::ResourceVersion => query(
                "resourceVersion",
                "Version after which to watch. Without it, the watch begins with all objects.",
                text(),
            ),
            Shared::LastEventId => header(
                "Last-Event-ID",
                "As `resourceVersion`, and takes precedence. Browsers send this header when they reconnect.",
            ),
            Shared::DryRun => {
                query("dryRun", "With `All`, nothing is stored. The answer is that of a real write.", one_of(&["All"]))
            }
            Shared::FieldManager => {
                let manager = StringType { max_length: Some(128), ..StringType::default() };
                query(
                    "fieldManager",
                    "Name of the field manager, for `metadata.managedFields`.",
                    SchemaType::String(manager),
                )
            }
            Shared::FieldValidation => query(
                "fieldValidation",
                "Treatment of undeclared fields: `Ignore` drops them, `Warn` drops them with a warning, `Strict` refuses them.",
                one_of(&["Ignore", "Warn", "Strict"]),
            ),
        }
    }
}

/// Returns the query parameter `namespace`.
pub fn namespace_query(description: &str) -> Parameter {
    query("namespace", description, segment(grammar::namespace()))
}

fn text() -> SchemaType {
    SchemaType::String(StringType::default())
}

fn one_of(values: &[&str]) -> SchemaType {
    let enumeration = values.iter().map(|&value| Some(value.to_owned())).collect();
    SchemaType::String(StringType { enumeration, ..StringType::default() })
}

fn segment(grammar: Bounds) -> SchemaType {
    let max_length = grammar.max_length.and_then(|length| length.try_into().ok());
    let segment = StringType { pattern: grammar.pattern, min_length: Some(1), max_length, ..StringType::default() };
    SchemaType::String(segment)
}

fn path(name: &str, description: &str, grammar: Bounds) -> Parameter {
    let parameter_data = ParameterData { required: true, ..data(name, description, segment(grammar)) };
    Parameter::Path { parameter_data, style: PathStyle::Simple }
}

fn header(name: &str, description: &str) -> Parameter {
    Parameter::Header { parameter_data: data(name, description, text()), style: HeaderStyle::Simple }
}

fn query(name: &str, description: &str, schema: SchemaType) -> Parameter {
    Parameter::Query {
        parameter_data: data(name, description, schema),
        allow_reserved: false,
        style: QueryStyle::Form,
        allow_empty_value: None,
    }
}

fn data(name: &str, description: &str, schema: SchemaType) -> ParameterData {
    let schema = Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Type(schema) };
    ParameterData {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: false,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)),
        example: None,
        examples: IndexMap::new(),
        explode: None,
        extensions: IndexMap::new(),
    }
}
