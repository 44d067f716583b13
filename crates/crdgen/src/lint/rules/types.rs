//! Rules about the types of values.

use crdgen_schema::schema::{Additional, SchemaType};

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting, Step, Subject, walk};
use crate::pipeline::{self, Selection, Versions};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::boolean",
            title: "A field is a boolean",
            cause: "A boolean can never get a third value, which many fields need later. And `true` tells a reader \
                    less than a word such as `Enabled`.",
            help: "use a string with an `enum`, such as `Enabled` and `Disabled`",
        },
        default: Setting::Off,
        covers: &["crd-schema-checker NoBools", "kube-api-linter nobools"],
        check: Check::Place(boolean),
    },
    Rule {
        entry: Entry {
            code: "lint::duration",
            title: "A field is a duration in the notation of Go",
            cause: "`format: duration` takes strings such as `1h5m`, which only Go reads and writes. Other languages need \
                    a parser of their own.",
            help: "use an integer, with its unit in the name of the field, such as `timeoutSeconds`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter nodurations"],
        check: Check::Place(duration),
    },
    Rule {
        entry: Entry {
            code: "lint::float",
            title: "A field is a floating point number",
            cause: "Languages and processors round numbers differently, so a value may change when it is read and \
                    written again. A controller that compares the values may then reconcile the object without end.",
            help: "use an integer in a smaller unit, or a quantity (`x-kubernetes-int-or-string`)",
        },
        default: Setting::Warn,
        covers: &["crd-schema-checker NoFloats", "kube-api-linter nofloats"],
        check: Check::Place(float),
    },
    Rule {
        entry: Entry {
            code: "lint::integer-format",
            title: "An integer has no format and no bounds",
            cause: "Without `format: int32` or `format: int64`, readers cannot know the size of the integer, and code \
                    generators choose different sizes.",
            help: "add `format: int32` or `format: int64`, or `minimum` and `maximum`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter integers"],
        check: Check::Place(integer_format),
    },
    Rule {
        entry: Entry {
            code: "lint::map",
            title: "A field is a map of objects or lists",
            cause: "The keys of a map have no schema and no name in the documentation. A server-side apply merges a list with \
                    keys as well as a map. Maps of scalars, such as labels, are not reported.",
            help: "use a list with `x-kubernetes-list-type: map` and a key field",
        },
        default: Setting::Off,
        covers: &["crd-schema-checker NoMaps", "kube-api-linter nomaps"],
        check: Check::Place(map),
    },
    Rule {
        entry: Entry {
            code: "lint::nullable",
            title: "A field is nullable",
            cause: "Null and an absent field mean the same to most readers, and clients in Go cannot tell them apart.",
            help: "remove `nullable`, and leave the field out of `required`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter nonullable"],
        check: Check::Place(nullable),
    },
    Rule {
        entry: Entry {
            code: "lint::unsigned-integer",
            title: "An integer has an unsigned format",
            cause: "The formats `uint`, `uint32` and `uint64` are unknown to an API server, which does not check them. Not every \
                    language has unsigned integers.",
            help: "use `format: int32` or `format: int64` with `minimum: 0`",
        },
        default: Setting::Warn,
        covers: &["crd-schema-checker NoUints"],
        check: Check::Place(unsigned_integer),
    },
    Rule {
        entry: Entry {
            code: "lint::untyped",
            title: "A value cannot be typed",
            cause: "The schema does not declare the type of the value, so generated code uses the type for any JSON. \
                    The message has the reason.",
            help: "declare the properties of the value, or its type",
        },
        default: Setting::Off,
        covers: &[],
        check: Check::Version(untyped),
    },
];

fn boolean(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.type_ == Some(SchemaType::Boolean) {
        hits.at(place, "type", "the field is a boolean");
    }
}

fn duration(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.format.as_deref() == Some("duration") {
        hits.at(place, "format", "the field is a duration in the notation of Go");
    }
}

fn float(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.type_ == Some(SchemaType::Number) {
        hits.at(place, "type", "the field is a floating point number");
    }
}

fn integer_format(place: &Place<'_>, hits: &mut Hits) {
    let schema = place.schema;
    let is_bounded = schema.bounds.minimum.is_some() && schema.bounds.maximum.is_some();
    if schema.type_ == Some(SchemaType::Integer) && schema.format.is_none() && !is_bounded && schema.enum_.is_empty() {
        hits.at(place, "type", "the integer has no format and no bounds");
    }
}

fn map(place: &Place<'_>, hits: &mut Hits) {
    if let Some(Additional::Schema(values)) = &place.schema.additional_properties
        && matches!(values.type_, Some(SchemaType::Object | SchemaType::Array))
    {
        hits.at(place, "additionalProperties", "the field is a map of objects or lists");
    }
}

fn nullable(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.nullable {
        hits.at(place, "nullable", "the field is nullable");
    }
}

fn unsigned_integer(place: &Place<'_>, hits: &mut Hits) {
    let format = place.schema.format.as_deref().unwrap_or_default();
    if matches!(format, "uint" | "uint8" | "uint16" | "uint32" | "uint64") {
        hits.at(place, "format", format!("the format `{format}` is unsigned"));
    }
}

fn untyped(subject: &Subject<'_>, hits: &mut Hits) {
    let versions = Versions::Named(vec![subject.version.name.clone()]);
    let selection = Selection { versions, ..Selection::default() };
    // A CRD without a model has an error of its own when it is generated.
    let Ok(modelled) = pipeline::model(std::slice::from_ref(subject.crd), &selection, &Default::default()) else {
        return;
    };
    let kind = format!("{}.", subject.crd.names.kind);
    let untyped: Vec<_> = modelled.lowered.untyped.iter().collect();
    walk::each(subject, &mut |place| {
        let field = place.field();
        let found = untyped.iter().find(|untyped| untyped.path.strip_prefix(&kind) == Some(&field));
        if let Some(found) = found.filter(|_| place.step != Step::Root) {
            hits.at(place, "", format!("the value cannot be typed: {}", found.reason));
        }
    });
}
