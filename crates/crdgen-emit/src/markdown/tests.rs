use proptest::prelude::*;

use super::clean::{clean, is_plain};
use super::{Dialect, active, address, code, labelled, parsed, safe};

fn rustdoc(text: &str) -> String {
    safe(text, Dialect::Rustdoc)
}

fn open_api(text: &str) -> String {
    safe(text, Dialect::OpenApi)
}

fn js_doc(text: &str) -> String {
    safe(text, Dialect::JsDoc)
}

#[test]
fn a_code_block_is_text_wherever_it_stands() {
    let block = "```text\nf();\n```";
    for text in ["    f();", "\tf();", "```\nf();\n```", "~~~rust\nf();", "```rust,ignore\nf();\n```"] {
        let after = format!("A:\n\n{}", indented(text, ""));
        assert_eq!(rustdoc(&after), format!("A:\n\n{block}"), "{text}");
    }
    assert_eq!(rustdoc("1.     f();"), format!("1. {}", indented(block, "   ")));
    assert_eq!(rustdoc("* ~~~\n  f();"), format!("* {}", indented(block, "  ")));
    assert_eq!(rustdoc("- a\n\n      f();\n- b"), format!("- a\n\n  {}\n\n- b", indented(block, "  ")));
    assert_eq!(rustdoc(">     f();"), "> ```text\n> f();\n> ```");
    assert_eq!(rustdoc("> 1) ```\n>    f();"), "> 1) ```text\n>    f();\n>    ```");
    assert_eq!(rustdoc("A\n\n[^1]:     f();"), "A\n\n\\[^1\\]:     f();");
}

#[test]
fn code_that_holds_a_fence_has_a_longer_one() {
    assert_eq!(rustdoc("~~~\n```\nf();\n```\n~~~"), "````text\n```\nf();\n```\n````");
}

#[test]
fn html_is_text() {
    assert_eq!(open_api("<script>x</script><!-- -->"), "\\<script>x\\</script>\\<!-- -->");
    assert_eq!(open_api("<div>\n*a*\n\n<br>"), "\\<div>\n*a*\n\n\\<br>");
    assert_eq!(open_api("1 < 2, <3 and `a<b>`"), "1 < 2, <3 and `a<b>`");
    assert_eq!(open_api("&lt;b&gt; &amp;lt; &copy;"), "\\<b> \\&lt; ©");
}

#[test]
fn links_lead_to_the_web() {
    for kept in ["[a](https://a.b/c)", "[*a*](http://b) c", "<https://a.b/(c)>", "https://a.b/c_d."] {
        assert_eq!(open_api(kept), kept);
    }
    for no_link in ["[a](javascript:b)", "[a](#b)", "[a](b/c.md)", "[a]: b", "[a]: http://b", "![a](data:b)"] {
        let shown = open_api(no_link);
        assert_eq!(shown.replace('\\', ""), no_link);
        assert_eq!(active(&shown, Dialect::OpenApi), None, "{shown}");
    }
    assert_eq!(open_api("[a]( &#106;avascript:b)"), "\\[a\\](javascript:b)");
    assert_eq!(open_api("[a][b]\n\n[b]: javascript:c"), "\\[a\\]\\[b\\]\n\n\\[b\\]: javascript:c");
    assert_eq!(open_api("<javascript:a>"), "\\<javascript:a>");
}

#[test]
fn addresses_do_not_go_on_over_what_is_escaped() {
    assert_eq!(open_api("http://<a>/b and https://c.d"), "http\\://\\<a>/b and <https://c.d>");
    assert_eq!(open_api("www.a.b`<c>`"), "www\\.a.b`<c>`");
    assert_eq!(open_api("link:https://a.b[c]"), "link:<https://a.b>\\[c\\]");
}

#[test]
fn addresses_in_code_are_left_alone() {
    assert_eq!(open_api("a\n\n    https://a.b/[0]`"), "a\n\n```text\nhttps://a.b/[0]`\n```");
}

#[test]
fn images_are_links() {
    assert_eq!(open_api("![a](https://b/c.png)"), "[a](https://b/c.png)");
    assert_eq!(open_api("[![a](https://b)](https://c)"), "[!&#91;a&#93;(https://b)](https://c)");
}

#[test]
fn comments_go_on() {
    assert_eq!(open_api("*/15 `*/2` *a*/b"), "*\\/15 `*\\/2` *a*\\/b");
    assert_eq!(js_doc("*\u{0}/"), "*\\/");
    assert_eq!(rustdoc("*/15"), "*/15");
}

#[test]
fn tags_of_jsdoc_are_text() {
    assert_eq!(js_doc("@deprecated a@b.c {@link d} @e"), "\\@deprecated a@b.c {\\@link d} \\@e");
    assert_eq!(js_doc("- @a\n\n      @b"), "- \\@a\n\n  ```text\n  \\@b\n  ```");
    assert_eq!(open_api("@a {@b}"), "@a {@b}");
}

#[test]
fn rustdoc_has_no_brackets_and_no_bare_urls_to_warn_of() {
    assert_eq!(rustdoc("[x] <tag> `a[0]`"), "\\[x\\] \\<tag> `a[0]`");
    assert_eq!(rustdoc("see https://a.b/c, http://."), "see <https://a.b/c>, http://.");
    assert_eq!(rustdoc("odd ` tick [x]"), "odd \\` tick \\[x\\]");
}

#[test]
fn lists_are_indented_as_clippy_wants_them() {
    assert_eq!(rustdoc("a:\n- b\nc\n  - d\n   e"), "a:\n\n- b\n  c\n  - d\n    e");
    assert_eq!(rustdoc("10) a\n\nb"), "10) a\n\nb");
}

#[test]
fn a_list_that_is_indented_too_deeply_is_one() {
    assert_eq!(open_api("a:\n\t- b\n\t\t- c\n\t- d\ne"), "a:\n\n- b\n  - c\n- d\n  e");
    assert_eq!(open_api("a\n    b"), "a\nb");
}

#[test]
fn what_the_author_wrote_is_what_is_shown() {
    for kept in [
        "Foo is\na *bar* with **baz** and `code`.",
        "a_b __init__ 2 * 3 * 4, ~ $5 {6} | 7 # 8",
        "a\n\n## B\n\n> c\n\n***\n\nd\\\ne",
        "| a | b |\n| --- | --- |\n| `c\\|d` | e |",
        "1. a\n2. b\n\n- c\n\n  d\n\n- e",
    ] {
        assert_eq!(open_api(kept), kept);
    }
    assert_eq!(open_api("a >= 1 and\n>= 2"), "a >= 1 and\n\\>= 2");
}

#[test]
fn characters_are_shown_in_the_order_they_have() {
    assert_eq!(rustdoc("a\r\nb\rc\u{0}\u{202E}d\u{2028}e &#x202e;f"), "a\nb\ncd\ne f");
    assert_eq!(code("a\u{202e}\nb", Dialect::Rustdoc), "`a b`");
}

#[test]
fn text_that_is_nested_without_end_is_text() {
    let deep = format!("{}a", "> ".repeat(10_000));
    assert_eq!(rustdoc(&deep), format!("{}a", "\\> ".repeat(10_000)));
    let lists = format!("{}    a", "- ".repeat(10_000));
    assert_eq!(active(&rustdoc(&lists), Dialect::Rustdoc), None);
}

#[test]
fn code_spans_hold_backticks() {
    assert_eq!(code("a", Dialect::Rustdoc), "`a`");
    assert_eq!(code("a``b", Dialect::Rustdoc), "```a``b```");
    assert_eq!(code("`", Dialect::Rustdoc), "`` ` ``");
    assert_eq!(code("*/", Dialect::OpenApi), "`*\\/`");
}

fn indented(text: &str, by: &str) -> String {
    text.replace('\n', &format!("\n{by}"))
}

#[test]
fn a_message_and_code_are_one_line_that_neither_can_end() {
    let of = |message, code, dialect| labelled("Rule", message, code, dialect);
    assert_eq!(of(Some("a boat keeps it"), "a == b", Dialect::Rustdoc), "Rule: \"a boat keeps it\" (`a == b`).");
    assert_eq!(of(None, "a == b", Dialect::Rustdoc), "Rule: `a == b`.");
    assert_eq!(of(Some("`a` is *b*"), "c", Dialect::OpenApi), "Rule: \"`a` is *b*\" (`c`).");
    assert_eq!(of(Some("- a"), "``", Dialect::OpenApi), "Rule: \"- a\" (``` `` ```).");
    assert_eq!(of(Some("# a\n```"), "*/", Dialect::JsDoc), "Rule: \"# a \\`\\`\\`\" (`*\\/`).");
    let hostile =
        ["`", "``", "</script>", "[a]", "[a](javascript:b)", "*/", "{@link a}", "![a](data:b)", "<!--", "\\", "]("];
    for dialect in [Dialect::Rustdoc, Dialect::OpenApi, Dialect::JsDoc] {
        for message in hostile {
            for code in hostile {
                let line = of(Some(message), code, dialect);
                assert!(active(&line, dialect).is_none() && !line.contains('\n'), "{dialect:?}: {line}");
            }
        }
    }
}

#[test]
fn plain_text_with_addresses_needs_no_parser() {
    let text = "A port.\nMore info: https://a.io/b#c-d, and (http://e.io:80).";
    assert_eq!(address::plain(text, Dialect::JsDoc).as_deref(), Some(text));
    let linked = "A port.\nMore info: <https://a.io/b#c-d>, and (<http://e.io:80>).";
    assert_eq!(address::plain(text, Dialect::Rustdoc).as_deref(), Some(linked));
    for other in
        ["a https://b.io/*c*", "`a` https://b.io", "ahttps://b.io", "ftp://b.io", "https://b.io/[c]", "- https://b.io"]
    {
        assert_eq!(address::plain(other, Dialect::OpenApi), None, "{other}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn parsing_does_not_change_plain_text(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", "bC", "d_e", "_", "`", "`f`", "`g h_i`", " ", " ", "#", "=", ">", "\n", "\n\n", "(", ")", "www.", "1", "2.",
                "-", "--", "\u{e9}", ":", "x@y.z", "\"", "%", "?", "/", "*",
            ]),
            1..12,
        ),
    ) {
        let text = parts.concat();
        let text = clean(&text);
        if is_plain(&text) {
            for dialect in [Dialect::Rustdoc, Dialect::OpenApi, Dialect::JsDoc] {
                prop_assert_eq!(parsed(&text, dialect), &*text, "{:?}", dialect);
            }
        }
    }

    #[test]
    fn plain_text_with_addresses_is_written_as_parsing_would_write_it(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", "d_e", "_", "`f`", " ", " ", "\n", "\n\n", "(", ")", "www.", "1", "2.", "-", "\u{e9}", ":", "\"", "'", "?", "/",
                "https://a.io", "https://a.io", "http://a.io/b_c#d", "https://www.a.io/b?c=d,e", "https://a.io/%20;", "https://_",
                "https://a/_b_/c", "://", "HTTPS://b", ".", ",", "=", "&", "\u{a0}",
            ]),
            1..12,
        ),
    ) {
        let text = parts.concat();
        let text = clean(&text);
        for dialect in [Dialect::Rustdoc, Dialect::OpenApi, Dialect::JsDoc] {
            if let Some(plain) = address::plain(&text, dialect) {
                prop_assert_eq!(&parsed(&text, dialect), &plain, "{:?}", dialect);
            }
        }
    }
}
