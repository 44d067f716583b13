//! Parser for a source file of k8s-openapi: its struct, with the wire name, type and presence of each field.
//!
//! The files are generated in one format, so they can be read line by line: the struct's fields have the types and
//! descriptions, and the arms of the field visitor have the wire names.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// A struct for a definition of Kubernetes' OpenAPI document.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// Full name, for example `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// First sentence of the description.
    pub about: String,
    /// Properties by wire name.
    pub properties: BTreeMap<String, Property>,
}

/// A property of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// A scalar or the name of a definition, after `[]` for a list and `{}` for a map.
    pub ty: String,
    /// First sentence of the description.
    pub about: String,
    /// Whether the field is not an `Option` and is always written.
    pub required: bool,
}

/// Returns the definition in a file. Returns `None` for anything but a struct with fields, and for a list of objects.
pub fn definition(text: &str) -> Result<Option<Definition>> {
    let name = text.lines().find_map(|line| line.strip_prefix("// Generated from definition "));
    let Some(name) = name else { return Ok(None) };
    let Struct { about, fields } = structure(text);
    if fields.is_empty() || fields.iter().any(|field| field.ty.ends_with("::ListMeta")) {
        return Ok(None);
    }
    let wires = wires(text);
    let mut properties = BTreeMap::new();
    for Field { name, ty, about } in fields {
        let wire = wires.get(name.trim_start_matches("r#")).with_context(|| format!("{name} is never read"))?;
        let ty: syn::Type = syn::parse_str(ty)?;
        let optional = argument("Option", &ty);
        let property = Property { ty: shape(optional.unwrap_or(&ty))?, about, required: optional.is_none() };
        properties.insert((*wire).to_owned(), property);
    }
    Ok(Some(Definition { name: name.to_owned(), about, properties }))
}

/// The first struct of a file.
#[derive(Default)]
struct Struct<'a> {
    about: String,
    fields: Vec<Field<'a>>,
}

struct Field<'a> {
    name: &'a str,
    ty: &'a str,
    about: String,
}

fn structure(text: &str) -> Struct<'_> {
    let mut found = Struct::default();
    let mut about: Option<String> = None;
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(docs) = line.strip_prefix("///") {
            // The first line of the docs is their first paragraph.
            about.get_or_insert_with(|| sentence(docs));
        } else if line.starts_with("pub struct ") && line.ends_with('{') {
            (inside, found.about) = (true, about.take().unwrap_or_default());
        } else if inside && line == "}" {
            break;
        } else if let Some((name, ty)) = field(line).filter(|_| inside) {
            found.fields.push(Field { name, ty, about: about.take().unwrap_or_default() });
        }
    }
    found
}

/// Parses a field of the form `pub name: Type,`.
fn field(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("pub ")?.strip_suffix(',')?.split_once(": ")
}

/// Returns the first sentence, without rustdoc's escapes.
fn sentence(docs: &str) -> String {
    let text = docs.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ");
    text.find(". ").map_or(text.clone(), |end| text[..=end].to_owned())
}

/// Returns wire names by field name, from lines of the form `"valueFrom" => Field::Key_value_from,`.
fn wires(text: &str) -> BTreeMap<&str, &str> {
    let arms = text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" => Field::Key_"));
    arms.map(|(wire, field)| (field.trim_end_matches(','), wire)).collect()
}

/// Returns a type in the syntax of the reference data.
fn shape(ty: &syn::Type) -> Result<String> {
    if let Some(items) = argument("Vec", ty) {
        return Ok(format!("[]{}", shape(items)?));
    }
    if let Some(values) = argument("BTreeMap", ty) {
        return Ok(format!("{{}}{}", shape(values)?));
    }
    if let Some(inner) = argument("Box", ty) {
        return shape(inner);
    }
    let syn::Type::Path(path) = ty else { bail!("a type that is no path") };
    let words: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(match words.as_slice() {
        [.., "bool"] => "boolean".to_owned(),
        [.., "i32"] => "int32".to_owned(),
        [.., "i64"] => "int64".to_owned(),
        [.., "f64"] => "double".to_owned(),
        [.., "String"] => "string".to_owned(),
        ["crate", "ByteString"] => "bytes".to_owned(),
        ["crate", "serde_json", "Value"] => "any".to_owned(),
        ["crate", rest @ ..] => format!("io.k8s.{}", rest.join(".").replace('_', "-")),
        other => bail!("unknown type {}", other.join("::")),
    })
}

/// Returns the last argument of a generic type with this name.
fn argument<'a>(name: &str, ty: &'a syn::Type) -> Option<&'a syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.last()? {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROBE: &str = r#"// Generated from definition io.k8s.api.core.v1.Thing

/// A  thing \<of\> ours. It has no more to say.
pub struct Thing {
    /// A name.
    pub name: std::string::String,

    pub r#type: Option<std::vec::Vec<crate::api::core::v1::EnvVar>>,

    pub limits: Option<std::collections::BTreeMap<std::string::String, crate::apimachinery::pkg::api::resource::Quantity>>,
}

impl X {
                            "name" => Field::Key_name,
                            "type" => Field::Key_type,
                            "hard-limits" => Field::Key_limits,
                            _ => Field::Other,
}
"#;

    #[test]
    fn a_struct_is_read_with_its_wire_names() {
        let found = definition(PROBE).unwrap().expect("a definition");
        assert_eq!((found.name.as_str(), found.about.as_str()), ("io.k8s.api.core.v1.Thing", "A thing <of> ours."));
        assert_eq!(found.properties["name"].about, "A name.");
        let properties: Vec<_> =
            found.properties.iter().map(|(wire, found)| (wire.as_str(), found.ty.as_str(), found.required)).collect();
        assert_eq!(
            properties,
            [
                ("hard-limits", "{}io.k8s.apimachinery.pkg.api.resource.Quantity", false),
                ("name", "string", true),
                ("type", "[]io.k8s.api.core.v1.EnvVar", false),
            ]
        );
    }

    #[test]
    fn a_field_that_no_arm_reads_is_an_error() {
        assert!(definition(&PROBE.replace("\"name\" =>", "name =>")).is_err());
        assert_eq!(definition("pub struct Thing {\n    pub a: bool,\n}\n").unwrap(), None, "no definition");
    }
}
