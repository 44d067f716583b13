//! The files that are the same for every API, but for what its problem documents are called.

use askama::Template;

use crate::api::{Api, Form};
use crate::{Files, HEADER};

const CALL: &str = include_str!("../../templates/typescript/runtime/call.ts");
const DESCRIBE: &str = include_str!("../../templates/typescript/runtime/describe.ts");
const PAGES: &str = include_str!("../../templates/typescript/runtime/pages.ts");
const PATCH: &str = include_str!("../../templates/typescript/runtime/patch.ts");
const PAUSE: &str = include_str!("../../templates/typescript/runtime/pause.ts");
const UPDATE: &str = include_str!("../../templates/typescript/runtime/update.ts");

#[derive(Template)]
#[template(path = "typescript/runtime/problem.ts.jinja", escape = "none")]
struct Problem<'a> {
    header: &'static str,
    problem: &'a str,
    cause: &'a str,
}

#[derive(Template)]
#[template(path = "typescript/runtime/watch.ts.jinja", escape = "none")]
struct Watch<'a> {
    header: &'static str,
    problem: &'a str,
}

/// Every file below `runtime/`.
pub fn files(api: &Api<'_>) -> askama::Result<Files> {
    let [problem, cause] = [api.builtin.problem, api.builtin.cause].map(|id| api.name(id, Form::Read));
    let plain = [
        ("call", CALL),
        ("describe", DESCRIBE),
        ("pages", PAGES),
        ("patch", PATCH),
        ("pause", PAUSE),
        ("update", UPDATE),
    ];
    let plain = plain.map(|(name, text)| (path(name), format!("// {HEADER}\n/* eslint-disable */\n{text}")));
    let named = [
        (path("problem"), Problem { header: HEADER, problem: &problem, cause: &cause }.render()?),
        (path("watch"), Watch { header: HEADER, problem: &problem }.render()?),
    ];
    Ok(plain.into_iter().chain(named).collect())
}

fn path(name: &str) -> String {
    format!("runtime/{name}.ts")
}
