//! Names in generated TypeScript: functions, interfaces and their members.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use crdgen_emit::Files;

use super::names::{Member, Surface};

/// Reads the names of `types.ts` and `client.ts`.
pub fn surface(files: &Files) -> Result<Surface> {
    let tokens = |name: &str| files.get(name).map(|text| tokens(text)).with_context(|| format!("no {name}"));
    let (types, client) = (tokens("types.ts")?, tokens("client.ts")?);
    let declarations = declarations(&types)?;
    let known: HashSet<&str> = declarations.iter().map(|(name, _)| *name).collect();
    let mut surface = Surface::default();
    for (name, declaration) in &declarations {
        surface.types.insert((*name).to_owned(), members(declaration, &known));
    }
    functions(&client, &mut surface);
    Ok(surface)
}

/// Splits a text into words, strings and single symbols, without comments.
fn tokens(mut text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    loop {
        text = text.trim_start();
        let Some(first) = text.chars().next() else { return tokens };
        let length = match first {
            '/' if text.starts_with("/*") => text.find("*/").map(|at| at + 2),
            '/' if text.starts_with("//") => text.find('\n'),
            '"' => Some(string(text)),
            c if is_word(c) => text.find(|c| !is_word(c)),
            c => Some(c.len_utf8()),
        };
        let (token, rest) = text.split_at(length.unwrap_or(text.len()));
        if !token.starts_with("/*") && !token.starts_with("//") {
            tokens.push(token);
        }
        text = rest;
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Returns the length of the string literal at the beginning of a text.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

type Declaration<'a> = (&'a str, &'a [&'a str]);

/// Returns each exported type with the tokens of its body.
fn declarations<'a>(tokens: &'a [&'a str]) -> Result<Vec<Declaration<'a>>> {
    let mut found = Vec::new();
    let mut rest = tokens;
    while let [first, tail @ ..] = rest {
        let (name, body, after) = match (*first, tail) {
            ("export", ["interface", name, "{", tail @ ..]) => {
                let end = end(tail, "}");
                (*name, &tail[..end], &tail[end..])
            }
            ("export", ["type", name, "=", tail @ ..]) => {
                let end = end(tail, ";");
                (*name, &tail[..end], &tail[end..])
            }
            _ => bail!("unexpected {first} in types.ts"),
        };
        found.push((name, body));
        rest = after.get(1..).unwrap_or_default();
    }
    Ok(found)
}

/// Returns the index of the first closing token outside of all brackets.
fn end(tokens: &[&str], closing: &str) -> usize {
    let mut depth = 0_usize;
    let found = tokens.iter().position(|token| {
        if depth == 0 && *token == closing {
            return true;
        }
        match *token {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        false
    });
    found.unwrap_or(tokens.len())
}

/// Returns the members of an interface, or the single member of an alias.
fn members(mut body: &[&str], known: &HashSet<&str>) -> Vec<Member> {
    let mut members = Vec::new();
    while !body.is_empty() {
        let end = end(body, ";");
        let member = &body[..end];
        // A key is one token, except for an index signature and an alias.
        let key = if member.get(1).is_some_and(|token| matches!(*token, ":" | "?")) { 1 } else { 0 };
        let (step, ty) = (member[..key].concat(), &member[key..]);
        let named = ty.iter().find(|token| known.contains(**token));
        let declared = ty.iter().map(|token| if Some(token) == named { "#" } else { token }).collect();
        members.push(Member { step, declared, ty: named.map(|name| (**name).to_owned()) });
        body = body.get(end + 1..).unwrap_or_default();
    }
    members
}

/// Adds the names of the functions, by their requests. Only one response and one body of each resource are roots.
fn functions(tokens: &[&str], surface: &mut Surface) {
    let exported = tokens.split(|token| *token == "export");
    for function in exported.filter(|function| function.first() == Some(&"function")) {
        let Some(name) = function.get(1) else { continue };
        let Some(path) = after(function, &["path", "=", "["]) else { continue };
        let path: String = path[..end(path, "]")].concat();
        let method = after(function, &["send", "(", "api", ","]).and_then(|rest| rest.first()).unwrap_or(&"");
        let place = format!("{method} {path}");
        surface.words.insert(format!("function for {place}"), (*name).to_owned());
        let types = |before: &[&str]| after(function, before).and_then(|rest| rest.first()).map(ToString::to_string);
        let body = types(&["body", ":", "types", "."]);
        let answer = types(&["Promise", "<", "types", "."]);
        let reads_one = *method == "\"GET\"" && path.ends_with("params.name");
        let creates = *method == "\"POST\"";
        for (what, found, entered) in [("answer", answer, reads_one), ("body", body, creates)] {
            let Some(found) = found else { continue };
            let names = if entered { &mut surface.roots } else { &mut surface.words };
            names.insert(format!("{what} of {place}"), found);
        }
    }
}

/// Returns the tokens after the first occurrence of some tokens.
fn after<'a>(tokens: &'a [&'a str], wanted: &[&str]) -> Option<&'a [&'a str]> {
    let at = tokens.windows(wanted.len()).position(|window| window == wanted)?;
    tokens.get(at + wanted.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &str = r#"// x
/** A } in a comment. */
export interface Run {
  /** { */
  spec?: RunSpec[];
  "a;b": { [key: string]: RunPhase };
  [key: string]: unknown;
}

export type RunPhase = "}" | "/* \" */" | (string & {});

export interface RunSpec {
  name: string;
}
"#;

    const CLIENT: &str = r#"
export function getRun(api: Api, params: InNamespace & ByName): Promise<types.Run> {
  const path = ["apis", "runs", params.name];
  return send(api, "GET", path, options, {});
}
export function createRun(api: Api, body: types.RunInput): Promise<types.Run> {
  const path = ["apis", "runs"];
  return send(api, "POST", path, options, { body });
}
"#;

    #[test]
    fn types_are_found_where_they_stand() {
        let files = Files::from([("types.ts".into(), TYPES.into()), ("client.ts".into(), CLIENT.into())]);
        let surface = surface(&files).unwrap();
        let get = "answer of \"GET\" \"apis\",\"runs\",params.name";
        assert_eq!(surface.roots[get], "Run");
        let members = surface.members("Run").iter().map(|member| (member.step.as_str(), member.ty.as_deref()));
        assert_eq!(members.collect::<Vec<_>>(), [("spec", Some("RunSpec")), ("\"a;b\"", Some("RunPhase")), ("", None)]);
        assert_eq!(surface.members("RunPhase").len(), 1);
        assert_eq!(surface.roots["body of \"POST\" \"apis\",\"runs\""], "RunInput");
        assert_eq!(surface.words["function for \"POST\" \"apis\",\"runs\""], "createRun");
    }
}
