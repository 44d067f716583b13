//! Console blocks of the pages: each command is run, and its output compared.
//!
//! A line `$ command` is followed by the output of the command. `...` on a line
//! of its own stands for any number of lines, and `[..]` for any text in a line, as in the tests of Cargo. A page has one
//! folder for all its commands, with the book's CRDs as `crds/` and the files that the page shows before the command.

use std::env;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use snapbox::filter::NormalizeToExpected;
use snapbox::{Data, IntoData};

use crate::page::{Fence, Page, book_and_readme, none, root};

/// A command with the output that the page shows.
#[derive(Debug, PartialEq)]
struct Step {
    line: usize,
    command: String,
    output: String,
}

/// Returns the steps of a block. A line that begins with `> ` continues the command.
fn steps(fence: &Fence) -> Result<Vec<Step>, String> {
    let mut steps: Vec<Step> = Vec::new();
    for (index, text) in fence.text.lines().enumerate() {
        let line = fence.line + 1 + index;
        match (text.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { line, command: command.to_owned(), output: String::new() }),
            (None, Some(step)) if step.output.is_empty() && text.starts_with("> ") => {
                step.command.push('\n');
                step.command.push_str(&text[2..]);
            }
            (None, Some(step)) => {
                step.output.push_str(text);
                step.output.push('\n');
            }
            (None, None) => return Err(format!("line {line}: a block begins with `$ command`")),
        }
    }
    Ok(steps)
}

/// Programs that a block may run. Others need a network, a cluster or minutes, and belong into a block `sh`.
const PROGRAMS: [&str; 14] =
    ["cat", "cd", "cp", "crdgen", "diff", "echo", "find", "git", "grep", "head", "ls", "mkdir", "rm", "sed"];

fn check_programs(command: &str) -> Result<(), String> {
    for part in command.split(['|', ';', '&', '\n']) {
        let program = part.split_whitespace().next().unwrap_or("crdgen");
        if !PROGRAMS.contains(&program) {
            return Err(format!("`{program}` is not one of {PROGRAMS:?}: use a block `sh`"));
        }
    }
    Ok(())
}

/// Folder of a page, with the working directory and the exit code that its last command left.
struct Sandbox {
    folder: tempfile::TempDir,
    at: PathBuf,
    code: i32,
}

impl Sandbox {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().canonicalize().unwrap().join("page");
        let crds = root().join("docs/snippets/crds");
        fs::create_dir_all(at.join("crds")).unwrap();
        for entry in fs::read_dir(crds).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), at.join("crds").join(entry.file_name())).unwrap();
        }
        Self { folder, at, code: 0 }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a command and returns its output. `cd` and `$?` work as in one shell.
    fn run(&mut self, command: &str) -> String {
        let place = self.folder.path().join("place");
        let script = format!("exec 2>&1\n(exit {})\n{command}\ncode=$?\npwd >\"$PLACE\"\nexit $code", self.code);
        let crdgen = Path::new(env!("CARGO_BIN_EXE_crdgen")).parent().unwrap().to_owned();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([crdgen].into_iter().chain(env::split_paths(&path))).unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(&self.at).env("PATH", path).env("PLACE", &place).stdin(Stdio::null());
        // Variables of the user's shell must not affect a test.
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "RUST_BACKTRACE", "COLUMNS"] {
            shell.env_remove(variable);
        }
        let output = shell.output().unwrap();
        self.code = output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or_default());
        self.at = fs::read_to_string(&place).unwrap().trim_end().into();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Runs the blocks of a page and returns the differences.
fn play(page: &Page) -> Vec<String> {
    let mut findings = Vec::new();
    let mut sandbox = Sandbox::new();
    for fence in &page.fences {
        if fence.language != "console" {
            if let Some(path) = &fence.file {
                sandbox.write(path, &fence.text);
            }
            continue;
        }
        let steps = match steps(fence) {
            Ok(steps) => steps,
            Err(problem) => {
                findings.push(format!("{}: {problem}", page.at(fence.line)));
                continue;
            }
        };
        for Step { line, command, output } in steps {
            if let Err(problem) = check_programs(&command) {
                findings.push(format!("{}: {problem}", page.at(line)));
                continue;
            }
            let said = sandbox.run(&command);
            if !matches(&said, &output) {
                let place = page.at(line);
                findings.push(format!(
                    "{place}: `{command}` exits with {} and prints\n{said}instead of\n{output}",
                    sandbox.code
                ));
            }
        }
    }
    findings
}

/// Returns whether an output is as expected, apart from blanks at the end of lines.
fn matches(said: &str, expected: &str) -> bool {
    let plain = |text: &str| text.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n");
    let expected: Data = plain(expected).into_data();
    NormalizeToExpected::new().redact().normalize(plain(said).into_data(), &expected) == expected
}

#[test]
fn every_command_prints_what_the_page_shows() {
    none(&book_and_readme().iter().flat_map(play).collect::<Vec<_>>());
}

#[test]
fn a_page_is_played_in_order_and_differences_are_found() {
    let page = |text: &str| play(&Page::parse(Path::new("a.md"), text));
    let markdown = "```toml\nversion = 1\n```\n```console\n$ cat crdgen.toml\nversion = 1\n$ cd crds\n$ ls missing\n...\n$ echo $?; ls\n[..]\nboat.yaml\n```\n";
    assert_eq!(page(markdown), Vec::<String>::new());
    assert_eq!(page(&markdown.replace("boat.yaml", "ship.yaml")).len(), 1);
    assert!(page("```console\n$ cargo build\n```\n")[0].contains("use a block `sh`"));
    assert!(page("```console\ncrdgen generate\n```\n")[0].contains("begins with"));
}
