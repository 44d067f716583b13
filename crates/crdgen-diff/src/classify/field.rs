//! Changes of fields: presence, type, format, null and default.

use crdgen_cel::format;
use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, SchemaType};
use serde_json::Value as Json;

use super::class::{Class, Presence};
use crate::change::{Change, Keyword};
use crate::path::Step;
use crate::rule::Verdict;

pub(super) fn classify(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    Some(match change.keyword {
        Keyword::Property => match presence {
            Presence::Removed(_) => removed(change, "field-removed"),
            Presence::Changed(..) => removed(change, "field-renamed"),
            Presence::Added(_) => added(change),
        },
        Keyword::Required => match presence {
            Presence::Added(_) => became_required(change),
            Presence::Removed(_) => became_optional(change),
            Presence::Changed(..) => return None,
        },
        Keyword::Type => type_(change, presence)?,
        Keyword::Format => self::format(change, presence)?,
        Keyword::Nullable => nullable(change, presence)?,
        Keyword::Default => default(change, presence),
        Keyword::Description => description(presence),
        Keyword::Title => Class::of("title-changed"),
        Keyword::Example => Class::of("example-changed"),
        Keyword::ExternalDocs => Class::of("external-docs-changed"),
        _ => return None,
    })
}

fn removed(change: &Change<'_>, id: &str) -> Class {
    let class = Class::of(id);
    if is_always_present(change) && change.path.steps().len() == 1 {
        return class.without_effect("every object has the field");
    }
    let (old, new) = (change.context.parents.old, change.context.parents.new);
    let was_required = old.is_some_and(|parent| is_required(parent, change));
    let class = if was_required { class.reader(Verdict::Breaks) } else { class };
    let is_scalar = change
        .schemas
        .old
        .is_some_and(|schema| !matches!(schema.type_, None | Some(SchemaType::Object | SchemaType::Array)));
    let keeps_scalars =
        new.is_some_and(|parent| matches!(parent.additional_properties, Some(Additional::Allowed(true))));
    let is_still_required = new.is_some_and(|parent| is_required(parent, change));
    if !is_still_required && (change.context.is_kept || (keeps_scalars && is_scalar)) {
        class.harmless("undeclared fields are kept here")
    } else {
        class
    }
}

/// Returns whether an object requires the changed field.
fn is_required(parent: &Schema, change: &Change<'_>) -> bool {
    match change.path.steps().last() {
        Some(Step::Field(name)) => parent.required.contains(name),
        _ => false,
    }
}

fn added(change: &Change<'_>) -> Class {
    if change.context.needs_value && !has_default(change.schemas.new) {
        return Class::of("field-added-required");
    }
    let class = Class::of("field-added-optional");
    let old = change.context.parents.old;
    let was_kept = old.is_some_and(|parent| {
        parent.preserve_unknown_fields || matches!(parent.additional_properties, Some(Additional::Allowed(true)))
    });
    // Lists pass this on to their items.
    match was_kept || change.context.is_kept {
        true => class.breaking("undeclared fields were kept here, so objects may have another value under this name"),
        false => class,
    }
}

/// Returns whether a server fills in the field. A default of null is ignored, except for a nullable field.
fn has_default(schema: Option<&Schema>) -> bool {
    schema.is_some_and(|schema| schema.default.as_ref().is_some_and(|default| !default.is_null()))
}

fn became_required(change: &Change<'_>) -> Class {
    let class = Class::of(match has_default(change.schemas.new) {
        true => "became-required-with-default",
        false => "became-required",
    });
    if is_always_present(change) {
        return class.harmless("every object has the field").source(Verdict::Safe);
    }
    class
}

/// Returns whether objects have the field whatever the schema says.
fn is_always_present(change: &Change<'_>) -> bool {
    let embedded = change.context.parents.old.is_some_and(|parent| parent.embedded_resource);
    match change.path.steps() {
        [Step::Field(name)] => matches!(name.as_str(), "apiVersion" | "kind" | "metadata"),
        [.., Step::Field(name)] => embedded && matches!(name.as_str(), "apiVersion" | "kind"),
        _ => false,
    }
}

fn became_optional(change: &Change<'_>) -> Class {
    let class = Class::of("became-optional");
    if is_always_present(change) {
        return class.without_effect("every object has the field");
    }
    match has_default(change.schemas.new) {
        true => class.reader(Verdict::Notice).note("a server fills in the default"),
        false => class,
    }
}

fn type_(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    let Presence::Changed(old, new) = presence else { return None };
    Some(match (old.as_str()?, new.as_str()?) {
        ("integer" | "string", "int-or-string") => Class::of("int-or-string-set"),
        ("int-or-string", "integer" | "string") => Class::of("int-or-string-unset"),
        ("integer", "number") => Class::of("type-widened"),
        ("number", "integer") => Class::of("type-narrowed"),
        ("int-or-string", "any") => Class::of("type-widened"),
        (_, "any") if keeps_all(change.schemas.new) => Class::of("type-widened"),
        ("any", _) => {
            Class::of("type-narrowed").breaking("any value was allowed, and unknown fields may have been kept")
        }
        _ => Class::of("type-changed"),
    })
}

fn keeps_all(schema: Option<&Schema>) -> bool {
    schema.is_some_and(|schema| schema.preserve_unknown_fields)
}

fn format(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    let (old, new) = (change.schemas.old?, change.schemas.new?);
    let is_checked = |schema: &Schema, name: &Json| name.as_str().is_some_and(|name| is_checked(schema, name));
    let shapes_type = |name: &Json| name.as_str().is_some_and(shapes_type);
    let ignored = "a server does not check the format";
    Some(match presence {
        Presence::Added(name) => {
            let class = Class::of("format-set");
            match (is_checked(new, name), shapes_type(name)) {
                (true, _) => class,
                (false, true) => class.harmless(ignored),
                (false, false) => class.without_effect(ignored),
            }
        }
        Presence::Removed(name) => {
            let class = Class::of("format-unset");
            if is_checked(old, name) || shapes_type(name) { class } else { class.without_effect(ignored) }
        }
        Presence::Changed(before, after) => {
            let class = Class::of("format-changed");
            let class = if is_checked(new, after) && !is_part(before, after) { class } else { class.harmless(ignored) };
            let narrows = is_part(after, before);
            let class = if narrows || !(shapes_type(before) || is_checked(old, before)) {
                class.reader(Verdict::Safe)
            } else {
                class
            };
            if shapes_type(before) || shapes_type(after) { class } else { class.source(Verdict::Notice) }
        }
    })
}

/// Returns whether a server of Kubernetes 1.36 checks the format of values of this schema.
fn is_checked(schema: &Schema, name: &str) -> bool {
    match schema.type_ {
        _ if schema.int_or_string => false,
        Some(SchemaType::String) | None => format::check(name).is_some() && name != "password",
        Some(SchemaType::Integer) => name == "int32",
        Some(SchemaType::Number) => name == "float",
        Some(SchemaType::Object | SchemaType::Array | SchemaType::Boolean) => false,
    }
}

/// Returns whether generators have a type for the format.
fn shapes_type(name: &str) -> bool {
    matches!(
        name.replace('-', "").as_str(),
        "int32" | "float" | "datetime" | "date" | "duration" | "byte" | "uuid" | "ipv4" | "ipv6" | "cidr" | "uri"
    )
}

/// Returns whether every value of one format has the other format.
fn is_part(part: &Json, whole: &Json) -> bool {
    let dashless = |name: &Json| name.as_str().unwrap_or_default().replace('-', "");
    let (part, whole) = (dashless(part), dashless(whole));
    part == whole
        || matches!(
            (part.as_str(), whole.as_str()),
            ("int32", "int64")
                | ("float", "double")
                | ("uuid3" | "uuid4" | "uuid5", "uuid")
                | ("isbn10" | "isbn13", "isbn")
        )
}

fn nullable(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    let (old, new) = (change.schemas.old?, change.schemas.new?);
    let with_enum = "next to `enum`, null is refused anyway";
    Some(match presence {
        Presence::Added(_) => {
            let class = Class::of("nullable-set");
            if new.enum_.is_empty() { class } else { class.without_effect(with_enum) }
        }
        Presence::Removed(_) => {
            let class = Class::of("nullable-unset");
            if !old.enum_.is_empty() {
                class.without_effect(with_enum)
            } else if change.context.needs_value && !has_default(Some(new)) {
                class
            } else {
                class.writer(Verdict::Notice)
            }
        }
        Presence::Changed(..) => return None,
    })
}

fn default(change: &Change<'_>, presence: Presence<'_>) -> Class {
    let class = presence.pick("default-set", "default-unset", "default-changed");
    let is_ignored = |value: &Json| value.is_null();
    let is_required_now = change.context.needs_value && matches!(change.path.steps().last(), Some(Step::Field(_)));
    match presence {
        Presence::Added(value) | Presence::Removed(value) if is_ignored(value) => {
            class.without_effect("a default of null is ignored")
        }
        Presence::Removed(_) if is_required_now => {
            class.breaking("the field is required, and a server no longer fills it in")
        }
        Presence::Changed(_, new) if is_ignored(new) && is_required_now => {
            class.breaking("the field is required, and a server no longer fills it in")
        }
        _ => class,
    }
}

fn description(presence: Presence<'_>) -> Class {
    let says_so = |text: &Json| text.as_str().is_some_and(|text| text.to_lowercase().contains("deprecated"));
    let is_new = match presence {
        Presence::Added(new) => says_so(new),
        Presence::Changed(old, new) => says_so(new) && !says_so(old),
        Presence::Removed(_) => false,
    };
    Class::of(if is_new { "field-deprecated" } else { "description-changed" })
}
