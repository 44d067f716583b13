//! A module tree of files as one file with inline modules.
//!
//! A file that is `include!`d has no folder in which to look for modules, and cannot have inner attributes.
//! So every `mod name;` is replaced by the module itself. The module tree stays the same, so paths with
//! `super::` stay valid.

use std::fmt::Write;

use crdgen_emit::{Files, HEADER};

/// Returns the file to include. Files named by `include_str!` are below `assets`, a folder beside that file.
pub fn one_file(files: &Files, assets: &str) -> String {
    let Some(root) = files.get("mod.rs") else { return format!("// {HEADER}\n") };
    // Inner docs and attributes would apply to the user's module, and are not allowed in an included file. So each module
    // of the root allows the lints that the root allows.
    let (allowed, rest): (Vec<_>, Vec<_>) = root.split("\n\n").partition(|part| part.starts_with("#![allow("));
    let allowed = allowed.concat().replace("#![", "#[");
    let mut writer = Writer { files, assets, allowed: &allowed, out: String::new() };
    writer.module("", "", &rest.join("\n\n").replace("\n//!", "\n//").replace("\n#![", "\n// #!["));
    writer.out
}

/// Returns the files that are not modules, with their paths below the assets' folder.
pub fn assets(files: &Files) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(|(path, _)| !path.ends_with(".rs"))
}

struct Writer<'a> {
    files: &'a Files,
    assets: &'a str,
    /// Attributes of each module of the root.
    allowed: &'a str,
    out: String,
}

impl Writer<'_> {
    /// Writes the content of a module. Its child modules are in `folder`, the files that it includes in
    /// `included`. Emitters print the declaration of a module file as a line of its own, and never break a
    /// string over lines.
    fn module(&mut self, folder: &str, included: &str, text: &str) {
        for line in text.lines() {
            let item = line.strip_prefix("pub ").unwrap_or(line);
            match item.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
                Some(name) => self.child(&format!("{folder}{name}"), name),
                None => self.line(included, line),
            }
        }
    }

    fn child(&mut self, path: &str, name: &str) {
        let below = format!("{path}/");
        // An included file is beside the file that includes it: `a.rs` and `b/mod.rs` have it in different
        // folders.
        let beside = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let of_file = self.files.get(&format!("{path}.rs")).map(|text| (text, &beside));
        let found = of_file.or_else(|| Some((self.files.get(&format!("{path}/mod.rs"))?, &below)));
        let (text, included) = found.expect("an emitter declares modules that it writes");
        if !path.contains('/') {
            writeln!(self.out, "{}", self.allowed).expect("writing to a string");
        }
        writeln!(self.out, "pub mod {name} {{").expect("writing to a string");
        let text = text.trim_start_matches("// ").trim_start_matches(HEADER).trim_start();
        self.module(&below, included, text);
        self.out.push_str("}\n");
    }

    fn line(&mut self, folder: &str, line: &str) {
        const INCLUDE: &str = "include_str!(\"";
        match line.split_once(INCLUDE) {
            Some((before, after)) if !before.trim_start().starts_with("//") => {
                writeln!(self.out, "{before}{INCLUDE}{}/{folder}{after}", self.assets)
            }
            _ => writeln!(self.out, "{line}"),
        }
        .expect("writing to a string");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(path, text)| (path.to_string(), format!("// {HEADER}\n\n{text}"))).collect()
    }

    #[test]
    fn modules_are_where_they_were() {
        let files = files(&[
            ("mod.rs", "#![skip]\n\n//! Root.\n\n#![allow(\n    x,\n)]\n#![allow(y)]\n\npub mod a;\nmod shared;\n"),
            ("shared.rs", "//! Shared.\n\npub struct S;\n"),
            ("a/mod.rs", "//! A.\n\npub mod v1;\n"),
            ("a/v1.rs", "pub use super::super::shared::*;\n"),
        ]);
        let allowed = "#[allow(\n    x,\n)]\n#[allow(y)]";
        let expected = format!(
            "// {HEADER}\n\n// #![skip]\n\n// Root.\n\n\
             {allowed}\npub mod a {{\n//! A.\n\npub mod v1 {{\npub use super::super::shared::*;\n}}\n}}\n\
             {allowed}\npub mod shared {{\n//! Shared.\n\npub struct S;\n}}\n"
        );
        assert_eq!(one_file(&files, "x"), expected);
    }

    #[test]
    fn included_files_are_found_from_the_new_place() {
        let mut files = files(&[
            ("mod.rs", "pub mod a;\npub mod api;\n"),
            ("a/mod.rs", "pub mod b;\n"),
            ("a/b.rs", "pub const B: &str = include_str!(\"b.json\");\n"),
            ("api/mod.rs", "/// `include_str!(\"a\")`\npub const A: &str = include_str!(\"openapi.json\");\n"),
        ]);
        files.insert("api/openapi.json".into(), "{}".into());
        let text = one_file(&files, "crdgen");
        assert!(text.contains("= include_str!(\"crdgen/api/openapi.json\");"), "{text}");
        assert!(text.contains("= include_str!(\"crdgen/a/b.json\");"), "{text}");
        assert!(text.contains("/// `include_str!(\"a\")`"), "{text}");
        assert_eq!(assets(&files).map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["api/openapi.json"]);
    }
}
