//! Parsed YAML and JSON values with their positions in the source.

/// Start of a node in its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Offset of the first byte, from 0.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Value with its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Value after YAML tags, anchors and merges are resolved as kubectl resolves them.
    pub value: Value,
    /// Position of the value.
    pub span: Span,
}

/// JSON value. Integers are separate from other numbers, as in the API server: int64, everything else float64.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or an empty value.
    Null,
    /// Boolean, including the spellings of YAML 1.1 such as `yes`.
    Bool(bool),
    /// Integer within the range of int64.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, quoted or plain in YAML.
    String(String),
    /// Sequence.
    List(Vec<Node>),
    /// Mapping in source order. Keys are unique.
    Map(Vec<Entry>),
}

/// Key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Key. Scalars of other types than string are converted to text as kubectl converts them.
    pub key: String,
    /// Position of the key.
    pub span: Span,
    /// Value of the key.
    pub value: Node,
}

impl Node {
    /// Returns the value of `key`, if the node is a mapping that has `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Returns the entries of a mapping, or none for any other value.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items of a sequence, or none for any other value.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns whether two nodes have equal content. Positions and the order of keys do not matter.
    pub fn same_content(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::List(these), Value::List(those)) => {
                these.len() == those.len() && these.iter().zip(those).all(|(this, that)| this.same_content(that))
            }
            (Value::Map(these), Value::Map(those)) => {
                these.len() == those.len()
                    && sorted(these)
                        .into_iter()
                        .zip(sorted(those))
                        .all(|(this, that)| this.key == that.key && this.value.same_content(&that.value))
            }
            (this, that) => this == that,
        }
    }

    /// Converts JSON to a node without positions. Integers beyond int64 become floats, as in the API server.
    pub fn from_json(json: &serde_json::Value) -> Self {
        let value = match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => {
                number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or(f64::NAN)), Value::Int)
            }
            serde_json::Value::String(text) => Value::String(text.clone()),
            serde_json::Value::Array(items) => Value::List(items.iter().map(Self::from_json).collect()),
            serde_json::Value::Object(fields) => {
                let entry = |(key, value): (&String, _)| Entry {
                    key: key.clone(),
                    span: Span::default(),
                    value: Self::from_json(value),
                };
                Value::Map(fields.iter().map(entry).collect())
            }
        };
        Self { value, span: Span::default() }
    }

    /// Converts the node to JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Int(value) => (*value).into(),
            Value::Float(value) => (*value).into(),
            Value::String(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Map(entries) => serde_json::Value::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect(),
            ),
        }
    }

    /// Returns the name of the value's type for messages, for example "a string" or "a mapping".
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_unstable_by(|this, that| this.key.cmp(&that.key));
    sorted
}
