//! Functions of named formats, such as `format.dns1123Label().validate(text)`.

use super::declaration::{Declaration, Run};
use crate::expression::failure::{Failure, Result};
use crate::expression::named_format::NamedFormat;
use crate::expression::value::Value;

/// Units per 10 bytes of text. A server matches regular expressions of up to 60 bytes.
const REGEX: usize = 16;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("format.named", 1, |arguments, _| {
        let format = NamedFormat::named(arguments[0].as_str()?);
        Ok(format.map_or(Value::NONE, |format| Value::some(Value::Format(format))))
    }),
    Declaration::member("validate", 2, |arguments, budget| {
        let Value::Format(format) = &arguments[0] else { return Err(Failure::no_overload()) };
        let text = arguments[1].as_str()?;
        budget.spend((text.len() / 10 + 1) * REGEX)?;
        let problems = format.problems(text);
        Ok(match problems.is_empty() {
            true => Value::NONE,
            false => Value::some(Value::list(problems.into_iter().map(Value::text).collect())),
        })
    }),
    constant("format.dns1123Label", |_, _| format("dns1123Label")),
    constant("format.dns1123Subdomain", |_, _| format("dns1123Subdomain")),
    constant("format.dns1035Label", |_, _| format("dns1035Label")),
    constant("format.qualifiedName", |_, _| format("qualifiedName")),
    constant("format.dns1123LabelPrefix", |_, _| format("dns1123LabelPrefix")),
    constant("format.dns1123SubdomainPrefix", |_, _| format("dns1123SubdomainPrefix")),
    constant("format.dns1035LabelPrefix", |_, _| format("dns1035LabelPrefix")),
    constant("format.labelValue", |_, _| format("labelValue")),
    constant("format.uri", |_, _| format("uri")),
    constant("format.uuid", |_, _| format("uuid")),
    constant("format.byte", |_, _| format("byte")),
    constant("format.date", |_, _| format("date")),
    constant("format.datetime", |_, _| format("datetime")),
];

const fn constant(name: &'static str, run: Run) -> Declaration {
    Declaration::global(name, 0, run)
}

fn format<'a>(name: &str) -> Result<Value<'a>> {
    NamedFormat::named(name).map(Value::Format).ok_or_else(Failure::no_overload)
}
