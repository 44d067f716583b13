//! Objects of the example, and unusual JSON.

use serde_json::{Value, json};

/// Maximum nesting of a stored object.
pub const MAX_DEPTH: usize = 125;

pub const GROUP: &str = "/apis/ci.example.com/v1";

/// Returns the path of a collection.
pub fn collection(namespace: &str, plural: &str) -> String {
    format!("{GROUP}/namespaces/{namespace}/{plural}")
}

/// Returns a pipeline that runs without parameters. `spec.params[0].default` and `spec.notifications.*`
/// accept any JSON.
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

/// Returns a run of the pipeline `build` on a branch.
pub fn run(name: &str, branch: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "PipelineRun",
        "metadata": { "name": name },
        "spec": { "pipeline": "build", "source": { "branch": branch } },
    })
}

/// Returns the text of a pipeline with `value` in `spec.notifications.any`. `value` need not be JSON.
pub fn pipeline_with(name: &str, value: &str) -> String {
    let mut pipeline = pipeline(name);
    pipeline["spec"]["notifications"] = json!({ "any": { "value": MARK } });
    fill(&pipeline, value)
}

/// Returns the text of a run with `value` as its parameter `target`.
pub fn run_with(name: &str, value: &str) -> String {
    let mut run = run(name, name);
    run["spec"]["params"] = json!([{ "name": "target", "value": MARK }]);
    fill(&run, value)
}

/// Returns the text of a pipeline with a field of `metadata`.
pub fn pipeline_with_metadata(name: &str, field: &str, value: &str) -> String {
    let mut pipeline = pipeline(name);
    pipeline["metadata"][field] = json!(MARK);
    fill(&pipeline, value)
}

const MARK: &str = "filled in";

fn fill(object: &Value, value: &str) -> String {
    object.to_string().replace(&format!("{MARK:?}"), value)
}

/// Returns a JSON string of `length` characters.
pub fn text(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length))
}

/// Returns nested lists.
pub fn lists(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

/// Returns nested objects.
pub fn maps(depth: usize) -> String {
    format!("{}1{}", "{\"n\":".repeat(depth), "}".repeat(depth))
}

/// Returns a list of `count` equal items.
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

/// Returns a list of items that are made from their index.
pub fn list_by(count: usize, item: impl Fn(usize) -> String) -> String {
    let items: Vec<_> = (0..count).map(item).collect();
    format!("[{}]", items.join(","))
}

/// Returns an object with keys and values that are made from their index.
pub fn map_by(count: usize, member: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = (0..count).map(member).collect();
    format!("{{{}}}", members.join(","))
}

/// Returns the nesting of a JSON text.
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
