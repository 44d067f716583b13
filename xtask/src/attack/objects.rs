//! Objects of the example, and JSON that is no good.

use serde_json::{Value, json};

/// Nesting that a stored object may have.
pub const MAX_DEPTH: usize = 125;

pub const GROUP: &str = "/apis/ci.example.com/v1";

/// The path of a collection.
pub fn collection(namespace: &str, plural: &str) -> String {
    format!("{GROUP}/namespaces/{namespace}/{plural}")
}

/// A pipeline that runs without parameters. `spec.params[0].default` and `spec.notifications.*` take any JSON.
pub fn pipeline(name: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "Pipeline",
        "metadata": { "name": name },
        "spec": {
            "project": "web",
            "params": [{ "name": "target", "default": "staging" }],
            "tasks": [{ "name": "test", "image": "rust:1", "script": "cargo test" }],
        },
    })
}

/// A run of the pipeline `build` on a branch.
pub fn run(name: &str, branch: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "PipelineRun",
        "metadata": { "name": name },
        "spec": { "pipeline": "build", "source": { "branch": branch } },
    })
}

/// A pipeline whose `spec.notifications.any` holds `value`, as text: `value` need not be JSON.
pub fn pipeline_with(name: &str, value: &str) -> String {
    let mut pipeline = pipeline(name);
    pipeline["spec"]["notifications"] = json!({ "any": { "value": MARK } });
    fill(&pipeline, value)
}

/// A run whose parameter `target` holds `value`, as text.
pub fn run_with(name: &str, value: &str) -> String {
    let mut run = run(name, name);
    run["spec"]["params"] = json!([{ "name": "target", "value": MARK }]);
    fill(&run, value)
}

/// A pipeline with a field of `metadata`, as text.
pub fn pipeline_with_metadata(name: &str, field: &str, value: &str) -> String {
    let mut pipeline = pipeline(name);
    pipeline["metadata"][field] = json!(MARK);
    fill(&pipeline, value)
}

const MARK: &str = "filled in";

fn fill(object: &Value, value: &str) -> String {
    object.to_string().replace(&format!("{MARK:?}"), value)
}

/// A text of so many characters.
pub fn text(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length))
}

/// Lists in each other.
pub fn lists(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

/// Objects in each other.
pub fn maps(depth: usize) -> String {
    format!("{}1{}", "{\"n\":".repeat(depth), "}".repeat(depth))
}

/// A list of `count` times the same.
pub fn list_of(count: usize, item: &str) -> String {
    let mut list = String::with_capacity(count * (item.len() + 1) + 2);
    list.push('[');
    for index in 0..count {
        if index > 0 {
            list.push(',');
        }
        list += item;
    }
    list.push(']');
    list
}

/// A list of items that are made of their index.
pub fn list_by(count: usize, item: impl Fn(usize) -> String) -> String {
    let items: Vec<_> = (0..count).map(item).collect();
    format!("[{}]", items.join(","))
}

/// An object with keys and values that are made of their index.
pub fn map_by(count: usize, member: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = (0..count).map(member).collect();
    format!("{{{}}}", members.join(","))
}

/// Nesting of a JSON text.
pub fn depth(json: &[u8]) -> usize {
    let (mut depth, mut most, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_are_no_nesting() {
        assert_eq!(depth(br#"{"a": ["[[\"[", {"b": []}]}"#), 4);
        assert_eq!(depth(lists(7).as_bytes()), 7);
        assert_eq!(depth(maps(7).as_bytes()), 7);
    }
}
