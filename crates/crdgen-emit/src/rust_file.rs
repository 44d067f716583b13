//! A Rust file from tokens: parsed by `syn`, so that nothing that is no Rust is ever written, printed by prettyplease, and
//! broken into lines where rustfmt breaks them.

use proc_macro2::{Spacing, TokenStream, TokenTree};

use crate::HEADER;

/// A whole file with the header line.
pub fn print(tokens: TokenStream) -> syn::Result<String> {
    let file: syn::File = syn::parse2(tokens)?;
    Ok(format!("// {HEADER}\n\n{SKIP}\n\n{}", spaced(&rejoined(&prettyplease::unparse(&file)))))
}

/// Keeps rustfmt from changing the file, whatever its settings, also when an editor formats the file alone.
const SKIP: &str = "#![cfg_attr(rustfmt, rustfmt_skip)]";

/// The width up to which rustfmt keeps a construct on one line. prettyplease breaks at 89.
const WIDTH: usize = 100;

/// The width up to which rustfmt keeps the arguments of a call on one line.
const ARGUMENTS: usize = 60;

/// The width up to which rustfmt keeps the fields of a struct literal on one line.
const LITERAL: usize = 18;

/// A construct that prettyplease and rustfmt break at different widths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Construct {
    Field,
    Function,
    Arm,
    Array,
    Tuple,
    Macro,
    Use,
    Variant,
    /// The runtime's `object!` or `one_of!`, which rustfmt leaves as they are.
    Object,
}

/// Puts together what prettyplease broke and rustfmt would not have, so that the output is what rustfmt makes of it.
fn rejoined(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < lines.len() {
        if let Some((derive, length)) = derives(&lines[at..]) {
            out.push_str(&derive);
            out.push('\n');
            at += length;
            continue;
        }
        match broken(&lines[at..]) {
            Some((construct, length)) => {
                construct.print(&lines[at..at + length], &mut out);
                at += length;
            }
            None => {
                match literal(lines[at]) {
                    Some(broken) => out.push_str(&broken),
                    None => out.push_str(lines[at]),
                }
                at += 1;
            }
        }
        out.push('\n');
    }
    out
}

/// Derives that follow each other as one, and the number of their lines.
fn derives(lines: &[&str]) -> Option<(String, usize)> {
    let traits = |line: &str| line.strip_prefix("#[derive(")?.strip_suffix(")]").map(str::to_owned);
    let found: Vec<String> = lines.iter().map_while(|line| traits(line)).collect();
    let one = format!("#[derive({})]", found.join(", "));
    (!found.is_empty()).then(|| (if one.len() <= WIDTH { one } else { filled(&one, '(', ")]") }, found.len()))
}

/// `Self { name, value: None }` with a line for each field, when rustfmt would have that.
fn literal(line: &str) -> Option<String> {
    let fields = line.trim_start().strip_prefix("Self { ")?.strip_suffix(" }")?;
    let indent = indent(line);
    (fields.len() > LITERAL).then(|| {
        format!("{indent}Self {{\n{indent}    {},\n{indent}}}", fields.replace(", ", &format!(",\n{indent}    ")))
    })
}

/// The construct that the first line opens, and the number of its lines.
fn broken(lines: &[&str]) -> Option<(Construct, usize)> {
    let (construct, close) = opened(lines[0])?;
    let indent = indent(lines[0]);
    let closes = |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest.starts_with(close));
    let end = lines.iter().skip(1).position(closes)?;
    let length = end + 2;
    // An arm with more than one expression stays a block.
    (construct != Construct::Arm || length == 3).then_some((construct, length))
}

fn opened(line: &str) -> Option<(Construct, &'static str)> {
    let start = line.trim_start();
    if matches!(start, "::crdgen_runtime::object! {" | "::crdgen_runtime::one_of! {") {
        return Some((Construct::Object, "}"));
    }
    if start.starts_with("use ") {
        return line.ends_with('{').then_some((Construct::Use, "}"));
    }
    if start.starts_with("pub fn ") {
        return line.ends_with('(').then_some((Construct::Function, ")"));
    }
    match start.split([' ', ':']).next()? {
        "pub" if line.ends_with('<') => Some((Construct::Field, ">")),
        "const" if line.ends_with("((") => Some((Construct::Tuple, "))")),
        "const" if line.ends_with('[') => Some((Construct::Array, "]")),
        "" if line.ends_with("!(") => Some((Construct::Macro, ")")),
        _ if start.strip_suffix('(').is_some_and(is_variant) => Some((Construct::Variant, ")")),
        _ if line.ends_with("=> {") => Some((Construct::Arm, "}")),
        _ => None,
    }
}

fn is_variant(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

impl Construct {
    fn print(self, lines: &[&str], out: &mut String) {
        if self == Self::Object {
            return out.push_str(&field_a_line(lines));
        }
        let one = self.joined(lines);
        let indent = indent(&one);
        let inner = lines[1..lines.len() - 1].iter().map(|line| line.trim());
        let commas = inner.clone().next_back().map_or(0, |last| usize::from(last.ends_with(',')));
        let arguments = inner.map(|line| line.len() + 1).sum::<usize>() - 1 - commas;
        let split = |mark: &str| one.find(mark).map(|at| (one[..at + mark.len()].trim_end(), &one[at + mark.len()..]));
        match self {
            Self::Tuple | Self::Macro if arguments > ARGUMENTS => out.push_str(&self.one_a_line(lines)),
            // rustfmt wants room for two more behind a `use`.
            Self::Use if one.len() + 2 > WIDTH => out.push_str(&filled(&one, '{', "};")),
            _ if one.len() <= WIDTH => out.push_str(&one),
            // rustfmt rather starts a new line for the type, or a short array, than breaks it.
            Self::Field | Self::Array if self == Self::Field || arguments <= ARGUMENTS => {
                match split(if self == Self::Field { ": " } else { " = " }) {
                    Some((head, tail)) if indent.len() + 4 + tail.len() <= WIDTH => {
                        out.push_str(&format!("{head}\n{indent}    {tail}"));
                    }
                    _ => out.push_str(&lines.join("\n")),
                }
            }
            Self::Macro => out.push_str(&self.one_a_line(lines)),
            _ => out.push_str(&lines.join("\n")),
        }
    }

    fn one_a_line(self, lines: &[&str]) -> String {
        if self == Self::Macro { lines.join("\n").replace(", ", ",\n    ") } else { lines.join("\n") }
    }

    fn joined(self, lines: &[&str]) -> String {
        let mut out = lines[0].to_owned();
        if self == Self::Arm {
            out.truncate(out.len() - 1);
            return out + lines[1].trim() + ",";
        }
        for line in lines[1..].iter().map(|line| line.trim()) {
            if line.starts_with(['>', ')', ']', '}']) {
                out.truncate(out.trim_end_matches(',').len());
            } else if out.ends_with(',') {
                out.push(' ');
            }
            out.push_str(line);
        }
        out
    }
}

/// An `object!` or `one_of!` with its fields one below the other.
fn field_a_line(lines: &[&str]) -> String {
    let inner: TokenStream = lines[1..lines.len() - 1].join(" ").parse().expect("it was printed from tokens");
    let mut out = format!("{}\n   ", lines[0]);
    for tree in inner {
        let TokenTree::Group(fields) = tree else {
            out.push_str(&format!(" {tree}"));
            continue;
        };
        out.push_str(" {");
        let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
        let fields: Vec<TokenTree> = fields.stream().into_iter().collect();
        for field in fields.split_inclusive(is_comma) {
            let (comma, field) =
                field.split_last().filter(|(last, _)| is_comma(last)).map_or(("", field), |(_, field)| (",", field));
            out.push_str(&format!("\n       {}{comma}", spelled(field.iter().cloned())));
        }
        out.push_str("\n    }");
    }
    out + "\n" + lines[lines.len() - 1]
}

/// Tokens with a space before each, but for commas and the rest of a longer mark.
fn spelled(tokens: impl IntoIterator<Item = TokenTree>) -> String {
    let (mut out, mut joint) = (String::new(), false);
    for tree in tokens {
        let glued = joint || matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ',');
        out.push_str(if glued { "" } else { " " });
        joint = matches!(&tree, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
        match tree {
            TokenTree::Group(group) => out.push_str(&format!("{{{} }}", spelled(group.stream()))),
            tree => out.push_str(&tree.to_string()),
        }
    }
    out
}

/// `use a::{b, c};` with as many names on a line as it takes.
fn filled(one: &str, open: char, close: &str) -> String {
    let Some((head, names)) = one.split_once(open) else { return one.to_owned() };
    let mut out = format!("{head}{open}\n   ");
    let mut width = 3;
    for name in names.trim_end_matches(close).split(", ") {
        if width + name.len() + 2 > WIDTH {
            out.push_str("\n   ");
            width = 3;
        }
        out.push_str(&format!(" {name},"));
        width += name.len() + 2;
    }
    out + "\n" + close
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// prettyplease sets no blank lines; this puts one between items, and between the functions of an impl.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut previous = "";
    for line in text.lines() {
        if starts_item(previous, line) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        previous = line;
    }
    out
}

fn starts_item(previous: &str, line: &str) -> bool {
    let same_kind = |prefix: &str| previous.starts_with(prefix) && line.starts_with(prefix);
    match previous {
        "" => false,
        "}" => true,
        // Of imports that take several lines.
        "};" => !line.starts_with("use "),
        "    }" => line != "}",
        _ if previous.starts_with("//!") => !line.starts_with("//!"),
        _ if previous.starts_with("#![") => !line.starts_with("#!["),
        // Whatever a comment says, it belongs to the line below.
        _ if previous.trim_start().starts_with("//") => false,
        _ if previous.starts_with(' ') => {
            previous.ends_with(';')
                && ["    fn ", "    async fn ", "    ///"].iter().any(|start| line.starts_with(start))
        }
        // One-line items at the top level stand together with their like.
        _ => {
            previous.ends_with(';')
                && !line.starts_with(' ')
                && !same_kind("pub mod ")
                && !same_kind("pub use ")
                && !same_kind("use ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unchanged_by_rustfmt(text: &str) -> String {
        rejoined(&format!("{text}\n")).trim_end().to_owned()
    }

    #[test]
    fn what_fits_in_a_hundred_columns_is_one_line() {
        assert_eq!(unchanged_by_rustfmt("    pub a: Option<\n        Vec<B>,\n    >,"), "    pub a: Option<Vec<B>>,");
        assert_eq!(
            unchanged_by_rustfmt("    pub fn new(\n        name: A,\n        spec: B,\n    ) -> Self {"),
            "    pub fn new(name: A, spec: B) -> Self {"
        );
        assert_eq!(unchanged_by_rustfmt("    \"a\" => {\n        Self::A\n    }"), "    \"a\" => Self::A,");
    }

    #[test]
    fn fields_of_an_object_take_a_line_each() {
        assert_eq!(
            unchanged_by_rustfmt("::crdgen_runtime::object! {\n    A { 0 required b\n    \"{,\", .. c }\n}"),
            "::crdgen_runtime::object! {\n    A {\n        0 required b \"{,\",\n        .. c\n    }\n}"
        );
        assert_eq!(
            unchanged_by_rustfmt(
                "::crdgen_runtime::one_of! {\n    A of B { C { c one c \" ,\" , d one d \"d\" }, }\n}"
            ),
            "::crdgen_runtime::one_of! {\n    A of B {\n        C { c one c \" ,\", d one d \"d\" },\n    }\n}"
        );
    }

    #[test]
    fn imports_stand_together() {
        let imports = "use a::{\n    B,\n};\nuse c::D;\n";
        assert_eq!(spaced(&format!("{imports}pub struct E;\n")), format!("{imports}\npub struct E;\n"));
    }

    #[test]
    fn docs_stay_with_what_they_document() {
        let text = "/// let a = b;\n/// c\npub struct A {\n    /// d;\n    /// e\n    pub f: G,\n}\n";
        assert_eq!(spaced(text), text);
    }

    #[test]
    fn derives_are_one() {
        assert_eq!(unchanged_by_rustfmt("#[derive(A, B)]\n#[derive(::c::D)]\nx"), "#[derive(A, B, ::c::D)]\nx");
        let long = ["A".repeat(40), "B".repeat(40), "C".repeat(40)];
        assert_eq!(
            unchanged_by_rustfmt(&format!("#[derive({})]", long.join(", "))),
            format!("#[derive(\n    {}, {},\n    {},\n)]", long[0], long[1], long[2])
        );
    }

    #[test]
    fn a_literal_of_more_than_a_few_letters_takes_a_line_a_field() {
        assert_eq!(unchanged_by_rustfmt("    Self { a: a.into() }"), "    Self { a: a.into() }");
        assert_eq!(
            unchanged_by_rustfmt("    Self { port, protocol: None }"),
            "    Self {\n        port,\n        protocol: None,\n    }"
        );
    }

    #[test]
    fn arguments_take_a_line_each_beyond_sixty_columns() {
        let (one, two) = ("A".repeat(45), "B".repeat(22));
        assert_eq!(
            unchanged_by_rustfmt(&format!("::x::y!(\n    {one}, {two}\n);")),
            format!("::x::y!(\n    {one},\n    {two}\n);")
        );
    }

    #[test]
    fn a_type_too_long_for_its_line_starts_a_new_one() {
        let long = "T".repeat(70);
        let text = format!("    pub a_rather_long_name: Option<\n        Vec<{long}>,\n    >,");
        assert_eq!(unchanged_by_rustfmt(&text), format!("    pub a_rather_long_name:\n        Option<Vec<{long}>>,"));
    }
}
