//! Functions of URLs.

use std::rc::Rc;

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::map::{Key, Map};
use crate::expression::url::{Url, is_url};
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("isURL", 1, |arguments, _| Ok(Value::Bool(is_url(arguments[0].as_str()?)))),
    Declaration::global("url", 1, |arguments, _| match Url::parse(arguments[0].as_str()?) {
        Some(url) => Ok(Value::Url(Rc::new(url))),
        None => Failure::error("a URL is malformed"),
    }),
    Declaration::member("getScheme", 1, |arguments, _| Ok(Value::text(&*url(arguments)?.scheme))),
    Declaration::member("getHost", 1, |arguments, _| Ok(Value::text(&*url(arguments)?.host))),
    Declaration::member("getHostname", 1, |arguments, _| Ok(Value::text(url(arguments)?.hostname()))),
    Declaration::member("getPort", 1, |arguments, _| Ok(Value::text(url(arguments)?.port()))),
    Declaration::member("getEscapedPath", 1, |arguments, _| Ok(Value::text(&*url(arguments)?.path))),
    Declaration::member("getQuery", 1, query),
];

fn url<'v>(arguments: &'v [Value<'_>]) -> Result<&'v Url> {
    match &arguments[0] {
        Value::Url(url) => Ok(url),
        _ => Err(Failure::no_overload()),
    }
}

fn query<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let entries = url(arguments)?
        .query()
        .into_iter()
        .map(|(key, values)| (Key::String(key.into()), Value::list(values.into_iter().map(Value::text).collect())));
    Ok(Value::Map(Map::Entries(Rc::new(entries.collect()))))
}
