//! One source file of k8s-openapi: the struct in it, with the wire name, type and presence of each field.
//!
//! The files are generated and look alike, so lines are enough: the struct's fields say the types, the arms of its field
//! visitor the wire names.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// A struct that stands for a definition of Kubernetes' OpenAPI.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// By wire name.
    pub properties: BTreeMap<String, Property>,
}

/// A property of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// A scalar or the name of a definition, behind `[]` for a list of it and `{}` for a map of it.
    pub ty: String,
    /// The field is no `Option`: it is always written.
    pub required: bool,
}

/// The definition in a file; none when it holds something else than a struct with fields, or a list of objects.
pub fn definition(text: &str) -> Result<Option<Definition>> {
    let name = text.lines().find_map(|line| line.strip_prefix("// Generated from definition "));
    let Some(name) = name else { return Ok(None) };
    let fields = fields(text);
    if fields.is_empty() || fields.iter().any(|(_, ty)| ty.ends_with("::ListMeta")) {
        return Ok(None);
    }
    let wires = wires(text);
    let mut properties = BTreeMap::new();
    for (field, ty) in fields {
        let wire = wires.get(field.trim_start_matches("r#")).with_context(|| format!("{field} is never read"))?;
        let ty: syn::Type = syn::parse_str(ty)?;
        let optional = argument("Option", &ty);
        let property = Property { ty: shape(optional.unwrap_or(&ty))?, required: optional.is_none() };
        properties.insert((*wire).to_owned(), property);
    }
    Ok(Some(Definition { name: name.to_owned(), properties }))
}

/// Field names and types of the first struct.
fn fields(text: &str) -> Vec<(&str, &str)> {
    let lines = text.lines().skip_while(|line| !(line.starts_with("pub struct ") && line.ends_with('{'))).skip(1);
    lines
        .take_while(|line| *line != "}")
        .filter_map(|line| line.trim().strip_prefix("pub ")?.strip_suffix(',')?.split_once(": "))
        .collect()
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

/// A thing.
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
        assert_eq!(found.name, "io.k8s.api.core.v1.Thing");
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
