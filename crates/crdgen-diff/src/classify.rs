//! Choice of the rule for a change, and verdicts that depend on the values of the change.

mod boolean;
mod class;
mod crd;
mod entailment;
mod field;
mod guard;
mod implication;
mod shape;
mod value;

use crate::change::{Change, Keyword, Sides};

use class::Presence;

pub(crate) use class::Class;
pub(crate) use shape::follows;

/// Returns the class of a change, or `None` if no rule describes it.
pub(crate) fn classify(change: &Change<'_>) -> Option<Class> {
    let Sides { old, new } = &change.values;
    let presence = Presence::of(old.as_ref(), new.as_ref())?;
    match change.keyword {
        Keyword::Crd
        | Keyword::Group
        | Keyword::Plural
        | Keyword::Kind
        | Keyword::ListKind
        | Keyword::Singular
        | Keyword::ShortName
        | Keyword::Category
        | Keyword::Scope
        | Keyword::Conversion
        | Keyword::Webhook
        | Keyword::Approval
        | Keyword::Version
        | Keyword::StoredVersion
        | Keyword::Served
        | Keyword::Storage
        | Keyword::Deprecated
        | Keyword::Status
        | Keyword::Scale
        | Keyword::Column
        | Keyword::ColumnOrder
        | Keyword::Selectable => crd::classify(change, presence),
        Keyword::Property
        | Keyword::Required
        | Keyword::Type
        | Keyword::Format
        | Keyword::Nullable
        | Keyword::Default
        | Keyword::Description
        | Keyword::Title
        | Keyword::Example
        | Keyword::ExternalDocs => field::classify(change, presence),
        Keyword::Enum
        | Keyword::EnumValue
        | Keyword::Pattern
        | Keyword::Bound(_)
        | Keyword::ExclusiveMinimum
        | Keyword::ExclusiveMaximum => value::classify(change, presence),
        Keyword::AdditionalProperties
        | Keyword::Items
        | Keyword::AllOf
        | Keyword::AnyOf
        | Keyword::OneOf
        | Keyword::Not
        | Keyword::PreserveUnknown
        | Keyword::Embedded
        | Keyword::ListType
        | Keyword::ListMapKeys
        | Keyword::MapType
        | Keyword::Rule => shape::classify(change, presence),
        // A server refuses `uniqueItems: true`, so it cannot change.
        Keyword::UniqueItems => None,
    }
}
