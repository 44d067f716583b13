//! Structural differences between two CRDs, before rules say what they mean.

use crdgen_schema::crd::Version;
use crdgen_schema::{Crd, Schema, Span};
use serde_json::Value as Json;

use crate::path::FieldPath;

/// Difference between two CRDs in one keyword.
#[derive(Clone, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) crds: Sides<&'a Crd>,
    /// Version on each side. `None` on the side that does not have the version.
    pub(crate) versions: Sides<Option<&'a Version>>,
    pub(crate) path: FieldPath,
    /// Schemas of the field, if the change is within a schema.
    pub(crate) schemas: Sides<Option<&'a Schema>>,
    pub(crate) context: Context<'a>,
    pub(crate) keyword: Keyword,
    /// Values of the keyword.
    pub(crate) values: Sides<Option<Json>>,
}

impl Change<'_> {
    /// Returns the position of the changed part in the new CRD, or in the old one if the part was removed.
    pub(crate) fn spans(&self) -> Sides<Span> {
        let span = |crd: &Crd, version: Option<&Version>, schema: Option<&Schema>| {
            schema.map(|schema| schema.span).or(version.map(|version| version.span)).unwrap_or(crd.span)
        };
        Sides {
            old: span(self.crds.old, self.versions.old, self.schemas.old),
            new: span(self.crds.new, self.versions.new, self.schemas.new),
        }
    }
}

/// Values of the old and the new side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides<T> {
    /// Value before the change.
    pub old: T,
    /// Value after the change.
    pub new: T,
}

/// Surroundings of a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// Whether a server compares the value with its old value on an update, field by field.
    pub(crate) is_correlated: bool,
    /// Schemas of the object that contains the field.
    pub(crate) parents: Sides<Option<&'a Schema>>,
    /// Whether a list further up keeps undeclared fields.
    pub(crate) is_kept: bool,
    /// Whether a server refuses null for the value: an item of a list, or a required field.
    pub(crate) needs_value: bool,
}

/// Part of a CRD that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Keyword {
    Crd,
    Group,
    Plural,
    Kind,
    ListKind,
    Singular,
    ShortName,
    Category,
    Scope,
    Conversion,
    Webhook,
    Approval,
    Version,
    StoredVersion,
    Served,
    Storage,
    Deprecated,
    Status,
    Scale,
    Column,
    ColumnOrder,
    Selectable,
    /// Presence of a property.
    Property,
    /// Presence of a property's name in `required`.
    Required,
    Type,
    Format,
    Nullable,
    Default,
    Enum,
    EnumValue,
    Pattern,
    Bound(Bound),
    ExclusiveMinimum,
    ExclusiveMaximum,
    UniqueItems,
    AdditionalProperties,
    Items,
    AllOf,
    AnyOf,
    OneOf,
    Not,
    PreserveUnknown,
    Embedded,
    ListType,
    ListMapKeys,
    MapType,
    Rule,
    Description,
    Title,
    Example,
    ExternalDocs,
}

/// Bound of a number or of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bound {
    Minimum,
    Maximum,
    MultipleOf,
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

impl Bound {
    /// Returns the name of the keyword in a schema.
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::MultipleOf => "multipleOf",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::MinProperties => "minProperties",
            Self::MaxProperties => "maxProperties",
        }
    }
}

impl Keyword {
    /// Returns the name of the keyword in a CRD.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Crd => "CustomResourceDefinition",
            Self::Group => "group",
            Self::Plural => "plural",
            Self::Kind => "kind",
            Self::ListKind => "listKind",
            Self::Singular => "singular",
            Self::ShortName => "shortNames",
            Self::Category => "categories",
            Self::Scope => "scope",
            Self::Conversion => "strategy",
            Self::Webhook => "webhook",
            Self::Approval => "api-approved.kubernetes.io",
            Self::Version | Self::StoredVersion => "versions",
            Self::Served => "served",
            Self::Storage => "storage",
            Self::Deprecated => "deprecationWarning",
            Self::Status => "status",
            Self::Scale => "scale",
            Self::Column | Self::ColumnOrder => "additionalPrinterColumns",
            Self::Selectable => "selectableFields",
            Self::Property => "properties",
            Self::Required => "required",
            Self::Type => "type",
            Self::Format => "format",
            Self::Nullable => "nullable",
            Self::Default => "default",
            Self::Enum | Self::EnumValue => "enum",
            Self::Pattern => "pattern",
            Self::Bound(bound) => bound.keyword(),
            Self::ExclusiveMinimum => "exclusiveMinimum",
            Self::ExclusiveMaximum => "exclusiveMaximum",
            Self::UniqueItems => "uniqueItems",
            Self::AdditionalProperties => "additionalProperties",
            Self::Items => "items",
            Self::AllOf => "allOf",
            Self::AnyOf => "anyOf",
            Self::OneOf => "oneOf",
            Self::Not => "not",
            Self::PreserveUnknown => "x-kubernetes-preserve-unknown-fields",
            Self::Embedded => "x-kubernetes-embedded-resource",
            Self::ListType => "x-kubernetes-list-type",
            Self::ListMapKeys => "x-kubernetes-list-map-keys",
            Self::MapType => "x-kubernetes-map-type",
            Self::Rule => "x-kubernetes-validations",
            Self::Description => "description",
            Self::Title => "title",
            Self::Example => "example",
            Self::ExternalDocs => "externalDocs",
        }
    }
}
