//! Composition of events into nodes, with anchors, aliases, merges and repeated keys, within a budget.

use std::collections::HashMap;
use std::mem;

use super::event::{Anchor, Event, Events, Written};
use super::failure::Failure;
use super::parsed::Parsed;
use crate::node::Entry;
use crate::source::budget::{MAX_COPIED, MAX_COST, MAX_DEPTH, MAX_FINDINGS, NODE_COST};
use crate::source::lines::Lines;
use crate::source::mapping::{Mapping, Origin, PrivateKey, RepeatedKey};
use crate::source::scalar::{self, Scalar};
use crate::{Node, Span, Value, is_private_key};

/// Builds the documents up to the first failure. `cost` is the cost of all values before.
pub(super) fn compose<'t>(mut events: impl Events<'t>, lines: &Lines<'_>, cost: usize) -> Parsed {
    let mut composer = Composer { cost, ..Composer::default() };
    let outcome = composer.run(&mut events, lines);
    Parsed { failure: outcome.err(), cost: composer.cost, ..composer.parsed }
}

#[derive(Default)]
struct Composer {
    parsed: Parsed,
    /// Sequences and mappings around the current event.
    open: Vec<Open>,
    anchored: HashMap<Anchor, Built>,
    /// Cost of all nodes of the source so far, and the part of it that aliases copied in the piece.
    cost: usize,
    copied: usize,
}

/// Complete node.
#[derive(Clone)]
struct Built {
    node: Node,
    /// Levels of sequences and mappings in the node.
    height: usize,
    cost: usize,
}

/// Sequence or mapping that has not ended.
struct Open {
    content: Content,
    span: Span,
    anchor: Option<Anchor>,
    height: usize,
    /// [`Composer::cost`] at its start.
    cost_before: usize,
}

enum Content {
    List(Vec<Node>),
    Map { mapping: Mapping, key: Option<Key> },
}

/// Key whose value comes next.
struct Key {
    name: KeyName,
    span: Span,
}

enum KeyName {
    Text(String),
    Merge,
}

impl Composer {
    fn run<'t>(&mut self, events: &mut impl Events<'t>, lines: &Lines<'_>) -> Result<(), Failure> {
        loop {
            let (event, offset) = events.next()?;
            let span = lines.span(offset);
            if self.cost > MAX_COST {
                return Err(Failure::Content { message: "there are too many values".into(), span });
            }
            match event {
                Event::Document => self.anchored.clear(),
                Event::Scalar(scalar) => self.scalar(scalar, span)?,
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::List(anchor) => self.start(Content::List(Vec::new()), anchor, span)?,
                Event::Map(anchor) => {
                    self.start(Content::Map { mapping: Mapping::default(), key: None }, anchor, span)?;
                }
                Event::End => self.end()?,
                Event::Finished => return Ok(()),
            }
        }
    }

    fn scalar(&mut self, scalar: Written<'_>, span: Span) -> Result<(), Failure> {
        let content = |message| Failure::Content { message, span };
        let Written { text, style, tag, anchor } = scalar;
        let cost = NODE_COST + text.len();
        self.cost += cost;
        if scalar::is_merge(&text, style, tag.as_deref())
            && let Some(awaited) = self.awaited_key()
        {
            *awaited = Some(Key { name: KeyName::Merge, span });
            return Ok(());
        }
        let resolved = scalar::resolve(text, style, tag.as_deref()).map_err(content)?;
        let Some(awaited) = self.awaited_key() else {
            let value = resolved.into_value().map_err(content)?;
            return self.finish(Built { node: Node { value, span }, height: 0, cost }, anchor);
        };
        // An alias may refer to an anchored key and use it as a value.
        let anchored = anchor.map(|anchor| (anchor, resolved.clone()));
        *awaited = Some(Key { name: KeyName::Text(resolved.into_key().map_err(content)?), span });
        if let Some((anchor, scalar)) = anchored {
            let value = scalar.into_value().map_err(content)?;
            self.anchored.insert(anchor, Built { node: Node { value, span }, height: 0, cost });
        }
        Ok(())
    }

    fn alias(&mut self, anchor: Anchor, span: Span) -> Result<(), Failure> {
        let content = |message: &str| Failure::Content { message: message.into(), span };
        let Some(target) = self.anchored.get(&anchor) else {
            return Err(content("an alias refers to a value that contains it, or to another document"));
        };
        self.copied += target.cost;
        self.cost += target.cost;
        if self.copied > MAX_COPIED {
            return Err(content("the aliases expand to too many values"));
        }
        if self.open.len() + target.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        let built = target.clone();
        match self.awaited_key() {
            Some(awaited) => {
                let name = KeyName::Text(key_of(built.node.value).map_err(|message| content(&message))?);
                *awaited = Some(Key { name, span });
                Ok(())
            }
            None => self.finish(built, None),
        }
    }

    fn start(&mut self, content: Content, anchor: Option<Anchor>, span: Span) -> Result<(), Failure> {
        if self.awaited_key().is_some() {
            let message = "a list or a mapping cannot be a key".into();
            return Err(Failure::Content { message, span });
        }
        if self.open.len() == MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.open.push(Open { content, span, anchor, height: 1, cost_before: self.cost });
        self.cost += NODE_COST;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        let open = self.open.pop().expect("parsers end only what they started");
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map { mapping, .. } => Value::Map(mapping.into_entries()),
        };
        let cost = self.cost - open.cost_before;
        self.finish(Built { node: Node { value, span: open.span }, height: open.height, cost }, open.anchor)
    }

    /// Adds a complete node to the sequence or mapping around it, or to the documents.
    fn finish(&mut self, built: Built, anchor: Option<Anchor>) -> Result<(), Failure> {
        if let Some(anchor) = anchor {
            self.anchored.insert(anchor, built.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.parsed.roots.push(built.node);
            return Ok(());
        };
        open.height = open.height.max(built.height + 1);
        match &mut open.content {
            Content::List(items) => items.push(built.node),
            Content::Map { mapping, key } => {
                let key = key.take().expect("without a key the node would have become one");
                match key.name {
                    KeyName::Merge => merge(mapping, built.node, key.span)?,
                    KeyName::Text(text) if is_private_key(&text) => {
                        return Err(Failure::Private(PrivateKey { key: text, span: key.span }));
                    }
                    KeyName::Text(text) => {
                        let entry = Entry { key: text, span: key.span, value: built.node };
                        if let Some(first) = mapping.insert(entry, Origin::Written)
                            && self.parsed.repeated.len() < MAX_FINDINGS
                        {
                            let repeated = RepeatedKey { key: first.key, first: first.span, last: key.span };
                            self.parsed.repeated.push(repeated);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the slot for the next node if that node is a key.
    fn awaited_key(&mut self) -> Option<&mut Option<Key>> {
        match &mut self.open.last_mut()?.content {
            Content::Map { key: key @ None, .. } => Some(key),
            _ => None,
        }
    }
}

/// Merges by `<<`. As in go-yaml v2, merged keys overwrite keys before them and are overwritten by keys after them. Of
/// several mappings the first wins.
fn merge(into: &mut Mapping, from: Node, span: Span) -> Result<(), Failure> {
    let mappings = match from.value {
        Value::Map(entries) => vec![entries],
        Value::List(items) => items.into_iter().rev().map(|item| entries(item, span)).collect::<Result<_, _>>()?,
        _ => return Err(not_mergeable(span)),
    };
    for entry in mappings.into_iter().flatten() {
        into.insert(entry, Origin::Merged);
    }
    Ok(())
}

fn entries(mut node: Node, span: Span) -> Result<Vec<Entry>, Failure> {
    match mem::replace(&mut node.value, Value::Null) {
        Value::Map(entries) => Ok(entries),
        _ => Err(not_mergeable(span)),
    }
}

fn not_mergeable(span: Span) -> Failure {
    Failure::Content { message: "the value of `<<` must be a mapping or a list of mappings".into(), span }
}

fn too_deep(span: Span) -> Failure {
    Failure::Content { message: format!("values nest deeper than {MAX_DEPTH} levels"), span }
}

/// Converts a copied value to a key.
fn key_of(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Scalar::Null.into_key(),
        Value::Bool(value) => Scalar::Bool(value).into_key(),
        Value::Int(value) => Scalar::Int(value).into_key(),
        Value::Float(value) => Scalar::Float(value).into_key(),
        Value::List(_) | Value::Map(_) => Err("a list or a mapping cannot be a key".into()),
    }
}
