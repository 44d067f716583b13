//! `book`: the TypeScript of the book's pages, against the client of the CRD of their examples, and the book as HTML.
//!
//! Each block is a module of its own, beside the generated client `api`. All other fences are tested by `cargo test`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use crdgen::pipeline::{self, Custom, Selection, Targets};
use crdgen_emit::{Files, typescript};
use crdgen_harness::check::{self, Finding};
use crdgen_harness::tools::{Missing, Tool, node};
use crdgen_harness::{Verdict, process, workspace};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Check the TypeScript of the book's pages, and build the book if mdBook is installed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {}

const PAGES: &str = "docs/src";
const CRDS: &str = "docs/snippets/crds";

pub fn run(_: &Args) -> Result<Verdict> {
    let verdict = match play()? {
        Ok(verdict) => verdict,
        Err(Missing(what)) => {
            println!("TypeScript is not checked: {what}");
            Verdict::Good
        }
    };
    Ok(verdict)
}

/// Builds the book and checks its TypeScript.
pub fn play() -> Result<Tool<Verdict>> {
    build()?;
    let packages = match node::packages("typescript")? {
        Ok(packages) => packages,
        Err(missing) => return Ok(Err(missing)),
    };
    let _alone = workspace::exclusive("typescript-book")?;
    // Beside the packages, so that TanStack Query and React are found.
    let folder = packages.join("book");
    let mut files = api()?;
    let blocks = blocks()?;
    for Block { page, line, text } in &blocks {
        // A block without imports is a module too.
        files.insert(file(page, *line), format!("{text}export {{}};\n"));
    }
    files.insert("globals.d.ts".to_owned(), GLOBALS.to_owned());
    files.insert("tsconfig.json".to_owned(), TSCONFIG.to_owned());
    workspace::mirror(&folder, &files)?;
    let findings = check::typescript_project(&packages.join("node_modules/.bin/tsc"), &folder)?;
    for Finding { file: name, message } in &findings {
        let block = blocks.iter().find(|block| Path::new(&file(&block.page, block.line)) == name);
        let place = block.map_or_else(|| name.display().to_string(), |block| format!("{}:{}", block.page, block.line));
        eprintln!("{place}: {message}");
    }
    println!("book: {} blocks of TypeScript, {} findings", blocks.len(), findings.len());
    Ok(Ok(if findings.is_empty() { Verdict::Good } else { Verdict::Findings }))
}

/// Builds the book as HTML if mdBook is installed.
fn build() -> Result<()> {
    if !process::is_installed("mdbook") {
        println!("the book is not built: mdbook is not installed");
        return Ok(());
    }
    let to = workspace::target().join("book");
    process::run(Command::new("mdbook").args(["build", "--dest-dir"]).arg(&to).arg(workspace::root().join("docs")))?;
    println!("{}", to.join("index.html").display());
    Ok(())
}

/// A TypeScript block of a page.
struct Block {
    /// Path of the page, relative to the root.
    page: String,
    line: usize,
    text: String,
}

/// Returns the name of the file for a block.
fn file(page: &str, line: usize) -> String {
    let page = page.trim_end_matches(".md").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    format!("{page}-{line}.ts")
}

/// Returns the TypeScript blocks of the pages and of the README.
fn blocks() -> Result<Vec<Block>> {
    let root = workspace::root();
    let mut pages = workspace::files(&root.join(PAGES), "md")?;
    pages.push(root.join("README.md"));
    let mut blocks = Vec::new();
    for path in pages {
        let page = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).with_context(|| page.clone())?;
        blocks.extend(typescript_of(&text).into_iter().map(|(line, text)| Block { page: page.clone(), line, text }));
    }
    Ok(blocks)
}

/// Returns the TypeScript blocks of a Markdown text, with their first lines.
fn typescript_of(markdown: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "ts" => {
                block = Some((markdown[..range.start].matches('\n').count() + 1, String::new()));
            }
            Event::Text(text) => block.iter_mut().for_each(|(_, code)| code.push_str(&text)),
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            _ => {}
        }
    }
    blocks
}

/// Generates the client of the CRDs, with all options on, into the folder `api`.
fn api() -> Result<BTreeMap<String, String>> {
    let crds = workspace::root().join(CRDS).to_string_lossy().into_owned();
    let input = pipeline::read(&[crds], std::io::empty());
    ensure!(input.diagnostics.is_empty(), "{CRDS}: {:?}", input.diagnostics);
    let options = typescript::Options {
        queries: typescript::Queries::Tanstack,
        schemas: typescript::Schemas::Inputs,
        ..Default::default()
    };
    let targets = Targets { typescript: Some(options), ..Targets::default() };
    let custom = Custom { permissions: true, ..Custom::default() };
    let selection = Selection { custom, ..Selection::default() };
    let files: Files = pipeline::generate(&input.crds, &selection, &targets, &Default::default())?.typescript;
    Ok(files.into_iter().map(|(name, text)| (format!("api/{name}"), text)).collect())
}

/// Values that every block may use without declaring them.
const GLOBALS: &str = "\
declare const api: import(\"./api\").Api;
declare const token: string;
declare const signal: AbortSignal;
declare function show(value: unknown): void;
";

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "skipLibCheck": true,
    "target": "es2022",
    "lib": ["es2022", "dom", "dom.iterable"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "jsx": "preserve",
    "types": ["node"]
  },
  "include": ["."]
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_typescript_is_taken_with_its_line() {
        let text = "# A\n\n```ts\nlet a = 1;\n```\n\n```rust\nfn a() {}\n```\n\n```ts\nlet b;\n```\n";
        assert_eq!(typescript_of(text), [(3, "let a = 1;\n".to_owned()), (11, "let b;\n".to_owned())]);
        assert_eq!(file("docs/src/a.md", 3), "docs-src-a-3.ts");
    }
}
