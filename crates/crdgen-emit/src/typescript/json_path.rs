//! The JSON paths of printer columns, as far as anybody writes them: fields, indices, all items, and the item with a value.

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `['name']`
    Field(String),
    /// `[0]`; from the end when negative.
    Index(i64),
    /// `[*]`
    Each,
    /// `[?(@.type == "Ready")]`: the field, by its path in the item, and its value.
    With(Vec<String>, String),
}

/// The steps of a path; none when it says more than these.
pub fn parse(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.trim();
    rest = rest.strip_prefix('$').unwrap_or(rest);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('[') {
            Some(inside) => bracket(inside)?,
            None => {
                let (name, after) = name(rest.strip_prefix('.')?)?;
                (Step::Field(name), after)
            }
        };
        steps.push(step);
        rest = after;
    }
    (!steps.is_empty()).then_some(steps)
}

/// A name up to the next dot or bracket; a backslash takes what follows it as it is.
fn name(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => name.push(chars.next()?.1),
            '.' | '[' => return (!name.is_empty()).then_some((name, &text[at..])),
            '*' | '(' | ')' | '{' | '}' | '\'' | '"' => return None,
            c => name.push(c),
        }
    }
    (!name.is_empty()).then_some((name, ""))
}

/// Parses the part of a path after an opening bracket, up to the closing one.
fn bracket(text: &str) -> Option<(Step, &str)> {
    if let Some(filter) = text.strip_prefix("?(") {
        let (field, rest) = filter.trim_start().strip_prefix('@')?.split_once("==")?;
        let (value, rest) = quoted(rest.trim_start())?;
        let names = parse(field.trim())?.into_iter().map(|step| match step {
            Step::Field(name) => Some(name),
            _ => None,
        });
        let after = rest.trim_start().strip_prefix(')')?.trim_start().strip_prefix(']')?;
        return Some((Step::With(names.collect::<Option<_>>()?, value), after));
    }
    if text.starts_with(['\'', '"']) {
        let (name, rest) = quoted(text)?;
        return Some((Step::Field(name), rest.strip_prefix(']')?));
    }
    let (inside, after) = text.split_once(']')?;
    let step = match inside.trim() {
        "*" | "" => Step::Each,
        // A column shows the first of what is found.
        range => Step::Index(range.split_once(':').map_or(range, |(start, _)| start).trim().parse().ok()?),
    };
    Some((step, after))
}

/// A string in either quotes, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next().filter(|(_, c)| ['\'', '"'].contains(c))?;
    let mut string = String::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => string.push(chars.next()?.1),
            c if c == quote => return Some((string, &text[at + c.len_utf8()..])),
            c => string.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> Step {
        Step::Field(name.to_owned())
    }

    #[test]
    fn paths_that_people_write_are_read() {
        let ready = Step::With(vec!["type".to_owned()], "Ready".to_owned());
        let conditions = vec![field("status"), field("conditions"), ready, field("status")];
        for path in [
            r#".status.conditions[?(@.type=="Ready")].status"#,
            ".status.conditions[?(@.type == 'Ready')].status",
            "$.status['conditions'][?( @.type=='Ready' )].status",
        ] {
            assert_eq!(parse(path).as_ref(), Some(&conditions), "{path}");
        }
        let annotation = Some(vec![field("metadata"), field("annotations"), field("example.com/by")]);
        for path in [r".metadata.annotations.example\.com/by", r".metadata.annotations['example\.com/by']"] {
            assert_eq!(parse(path), annotation, "{path}");
        }
        assert_eq!(parse(".a[0].b[*].c"), Some(vec![field("a"), Step::Index(0), field("b"), Step::Each, field("c")]));
        assert_eq!(parse(".a[-1:]"), Some(vec![field("a"), Step::Index(-1)]));
    }

    #[test]
    fn what_is_not_known_is_no_path() {
        for path in
            ["", ".", "..a", "a", ".a.*", ".a[", ".a[?(@.b)]", ".a[?(@.b>1)]", ".a['b", ".a[b]", ".a.{x}", ".a\\"]
        {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
