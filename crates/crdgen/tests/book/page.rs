//! Pages of the book, parsed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Page of the book, or the README.
pub struct Page {
    /// Path relative to the root of the repository.
    pub path: PathBuf,
    pub headings: Vec<Heading>,
    pub fences: Vec<Fence>,
    pub links: Vec<Link>,
}

pub struct Heading {
    pub text: String,
    /// Id in HTML, which a link names behind `#`.
    pub anchor: String,
}

/// Code block.
pub struct Fence {
    /// First word behind the backticks, such as `rust`.
    pub language: String,
    /// Words behind the language.
    pub attributes: Vec<String>,
    pub text: String,
    pub line: usize,
    /// File that the block is. A reader of the page has this file from here on.
    pub file: Option<String>,
}

pub struct Link {
    pub target: String,
    pub line: usize,
}

/// Returns the root folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Folder of the pages, relative to the root.
pub const BOOK: &str = "docs/src";

/// Returns the pages of the book, sorted by path.
pub fn book() -> Vec<Page> {
    let mut files = Vec::new();
    collect(&root().join(BOOK), &mut files);
    files.sort();
    files.iter().map(|file| Page::read(file)).collect()
}

/// Returns the pages of the book and the README.
pub fn book_and_readme() -> Vec<Page> {
    let mut pages = book();
    pages.push(Page::read(&root().join("README.md")));
    pages
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
}

impl Page {
    pub fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self::parse(file.strip_prefix(root()).unwrap_or(file), &text)
    }

    pub fn parse(path: &Path, markdown: &str) -> Self {
        let mut page = Self { path: path.to_owned(), headings: Vec::new(), fences: Vec::new(), links: Vec::new() };
        let mut anchors = BTreeMap::new();
        let mut heading: Option<String> = None;
        let mut fence: Option<Fence> = None;
        let mut file: Option<String> = None;
        for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
            let line = markdown[..range.start].matches('\n').count() + 1;
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let text = heading.take().expect("a heading begins before it ends");
                    let anchor = unique(anchor(&text), &mut anchors);
                    page.headings.push(Heading { text, anchor });
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info.into_string(),
                        CodeBlockKind::Indented => "(indented)".to_owned(),
                    };
                    let mut words = info.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned);
                    let language = words.next().unwrap_or_default();
                    let attributes = words.collect();
                    fence = Some(Fence { language, attributes, text: String::new(), line, file: file.take() });
                }
                Event::End(TagEnd::CodeBlock) => page.fences.extend(fence.take().map(Fence::named)),
                Event::Html(html) => file = named(&html).or(file),
                Event::End(TagEnd::Paragraph) => file = None,
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(Link { target: dest_url.into_string(), line });
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(fence) = &mut fence {
                        fence.text.push_str(&text);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        page
    }

    /// Returns the text of the first heading.
    pub fn title(&self) -> &str {
        self.headings.first().map_or("", |heading| &heading.text)
    }

    /// Returns a place on the page, for messages.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }
}

impl Fence {
    /// Names a block that begins with `version = 1`: it is `crdgen.toml`.
    fn named(mut self) -> Self {
        if self.language == "toml" && self.text.starts_with("version = 1") {
            self.file.get_or_insert_with(|| "crdgen.toml".to_owned());
        }
        self
    }
}

/// Returns the path in a comment `<!-- file: PATH -->`, which stands above a block that is a file.
fn named(html: &str) -> Option<String> {
    Some(html.trim().strip_prefix("<!-- file: ")?.strip_suffix("-->")?.trim().to_owned())
}

/// Returns the id that mdBook gives a heading.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().chars().filter_map(|letter| match letter {
        _ if letter.is_alphanumeric() || matches!(letter, '_' | '-') => Some(letter.to_ascii_lowercase()),
        _ if letter.is_whitespace() => Some('-'),
        _ => None,
    });
    letters.collect()
}

/// Returns the id with a number behind it if the page has it already.
fn unique(anchor: String, seen: &mut BTreeMap<String, usize>) -> String {
    let times = seen.entry(anchor.clone()).or_default();
    *times += 1;
    if *times == 1 { anchor } else { format!("{anchor}-{}", *times - 1) }
}

/// Fails with all findings, one a line, if there are any.
#[track_caller]
pub fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn a_page_has_headings_fences_and_links() {
    let page = Page::parse(
        Path::new("a.md"),
        "# A `b` c!\n\n```rust,no_run\nfn a() {}\n```\n\n## A b c\n\n[x](b.md#y)\n\n```toml\nversion = 1\n```\n\n<!-- file: crds/a.yaml -->\n```yaml\na: 1\n```\n",
    );
    assert_eq!(page.title(), "A b c!");
    assert_eq!(page.headings.iter().map(|heading| heading.anchor.as_str()).collect::<Vec<_>>(), ["a-b-c", "a-b-c-1"]);
    let [rust, toml, yaml] = &page.fences[..] else { panic!("three fences") };
    assert_eq!((rust.language.as_str(), rust.attributes.join(" ").as_str(), rust.line), ("rust", "no_run", 3));
    assert_eq!(
        (rust.file.as_deref(), toml.file.as_deref(), yaml.file.as_deref()),
        (None, Some("crdgen.toml"), Some("crds/a.yaml"))
    );
    assert_eq!((page.links[0].target.as_str(), page.links[0].line), ("b.md#y", 9));
}
