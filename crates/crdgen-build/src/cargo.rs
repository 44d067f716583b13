//! Instructions of a build script to cargo, on standard output:
//! <https://doc.rust-lang.org/cargo/reference/build-scripts.html>.

use std::fmt::Write;
use std::path::Path;

use crdgen::text;
use crdgen_schema::{Diagnostic, Severity};

/// Instructions in the order in which they were given, and the number of errors among them.
#[derive(Debug, Default)]
pub struct Cargo {
    said: String,
    errors: usize,
}

impl Cargo {
    /// Makes cargo run the script again when this file, or anything below this folder, is newer than the
    /// script's last run.
    pub fn rerun_if_changed(&mut self, path: &Path) {
        self.say("rerun-if-changed", &path.to_string_lossy());
    }

    /// Adds a finding as an error or a warning of cargo. An error makes the build fail, even if the script
    /// succeeds.
    pub fn diagnostic(&mut self, found: &Diagnostic) {
        let instruction = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        self.errors += usize::from(found.severity == Severity::Error);
        self.say(instruction, &text::one_line(found));
    }

    /// Adds a warning that is not about a CRD.
    pub fn warning(&mut self, message: &str) {
        self.say("warning", message);
    }

    /// Returns the number of errors.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Returns all instructions.
    pub fn text(&self) -> &str {
        &self.said
    }

    /// Adds an instruction as one line. Line breaks in `text` are replaced, because the next line could be an
    /// instruction.
    fn say(&mut self, instruction: &str, text: &str) {
        let text = text.replace(['\r', '\n'], " ");
        writeln!(self.said, "cargo::{instruction}={text}").expect("writing to a string");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, Span};

    use super::*;

    #[test]
    fn a_finding_is_one_line_with_its_place() {
        let source = Arc::new(Source { name: "crds/a.yaml".into(), text: String::new() });
        let found = Diagnostic::error("crd::x", "no `spec`\ncargo::rustc-env=A=b")
            .at(&source, Span { offset: 0, line: 12, column: 5 })
            .path("runs.ci.example.com: spec")
            .help("add it");
        let mut cargo = Cargo::default();
        cargo.diagnostic(&found);
        let expected = "cargo::error=crds/a.yaml:12:5: no `spec`\\ncargo::rustc-env=A=b \
                        (in runs.ci.example.com: spec; help: add it) [crd::x]\n";
        assert_eq!((cargo.text(), cargo.errors()), (expected, 1));
    }

    #[test]
    fn a_warning_is_no_error() {
        let mut cargo = Cargo::default();
        cargo.warning("not watched");
        cargo.diagnostic(&Diagnostic::warning("crd::x", "odd"));
        assert_eq!((cargo.text(), cargo.errors()), ("cargo::warning=not watched\ncargo::warning=odd [crd::x]\n", 0));
    }

    #[test]
    fn a_path_cannot_give_an_instruction() {
        let mut cargo = Cargo::default();
        cargo.rerun_if_changed(Path::new("a\ncargo::rustc-cfg=b"));
        assert_eq!(cargo.text().lines().count(), 1);
        assert_eq!(cargo.errors(), 0);
    }
}
