//! One source file of k8s-openapi: the struct in it, with the wire name, type and presence of each field.
//!
//! The files are generated and look alike, so lines are enough: the struct's fields say the types and their meaning, the arms
//! of its field visitor the wire names.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// A struct that stands for a definition of Kubernetes' OpenAPI.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// What it is, in one sentence.
    pub about: String,
    /// By wire name.
    pub properties: BTreeMap<String, Property>,
}

/// A property of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// A scalar or the name of a definition, behind `[]` for a list of it and `{}` for a map of it.
    pub ty: String,
    /// What it means, in one sentence.
    pub about: String,
    /// The field is no `Option`: it is always written.
    pub required: bool,
}

/// The definition in a file; none when it holds something else than a struct with fields, or a list of objects.
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
            // The first line of docs is their first paragraph.
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

/// `pub name: Type,`
fn field(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("pub ")?.strip_suffix(',')?.split_once(": ")
}

/// The first sentence, as it is before rustdoc's escapes.
fn sentence(docs: &str) -> String {
    let text = docs.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ");
    text.find(". ").map_or(text.clone(), |end| text[..=end].to_owned())
}

/// Wire names by field name: `"valueFrom" => Field::Key_value_from,`.
fn wires(text: &str) -> BTreeMap<&str, &str> {
    let arms = text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" => Field::Key_"));
    arms.map(|(wire, field)| (field.trim_end_matches(','), wire)).collect()
}

/// A type as the reference data writes it.
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

/// The last argument of a generic type of this name.
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
