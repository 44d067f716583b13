//! Content of `labels.ts`: a label for every field, and the schema's documentation of it.

use askama::Template;
use crdgen_model::{Field, Shape};

use super::literal;
use super::parts::parts_of_objects;
use crate::HEADER;
use crate::api::{Api, Definition, Description, Docs, Prose};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/labels.ts.jinja", escape = "none")]
pub struct Labels {
    header: &'static str,
    objects: Vec<Object>,
}

struct Object {
    name: String,
    fields: Vec<Label>,
}

struct Label {
    key: String,
    label: String,
    help: Option<String>,
}

impl Labels {
    /// Every field of every object.
    pub fn new(api: &Api<'_>) -> Self {
        let is_object = |part: &Definition<'_>| matches!(part.def.shape, Shape::Object(_));
        let objects = parts_of_objects(api).into_iter().filter(is_object).map(|part| Object {
            fields: api.fields(part.def, part.form).into_iter().map(|field| label(api, field)).collect(),
            name: part.name,
        });
        Self { header: HEADER, objects: objects.collect() }
    }
}

fn label(api: &Api<'_>, field: &Field) -> Label {
    let of_type = field.slot.ty.named().and_then(|id| api.get(id).docs.as_deref());
    let docs = field.docs.as_deref().or(of_type).unwrap_or_default();
    Label {
        key: literal::key_of_value(&field.wire),
        label: literal::string(&words(&field.wire, docs)),
        help: Description::of_text(docs, Prose::plain(Docs::FirstParagraph)).map(|text| literal::string(&text)),
    }
}

/// Words that are always written in capitals.
const CAPITALS: [&str; 24] = [
    "API", "CA", "CIDR", "CPU", "DNS", "GPU", "HTTP", "HTTPS", "ID", "IP", "JSON", "OS", "SSH", "TCP", "TLS", "TTL",
    "UDP", "UI", "UID", "URI", "URL", "UUID", "VM", "YAML",
];

/// A name in words: `startTime` -> `Start time`. A word that the docs write in capitals is one of those: `dnsNames` with
/// "DNSNames is ..." or "... DNS names ..." -> `DNS names`.
fn words(wire: &str, docs: &str) -> String {
    let mut words = split(wire);
    for word in &mut words {
        let capitals = word.to_uppercase();
        if word.len() > 1 && (*word == capitals || CAPITALS.contains(&capitals.as_str()) || shouts(docs, &capitals)) {
            *word = capitals;
        } else if !is_plural_of_capitals(word) {
            *word = word.to_lowercase();
        }
    }
    let text = words.join(" ");
    let mut chars = text.chars();
    chars.next().map_or_else(|| wire.to_owned(), |first| first.to_uppercase().chain(chars).collect())
}

/// `IPs`
fn is_plural_of_capitals(word: &str) -> bool {
    word.strip_suffix('s').is_some_and(|one| one.len() > 1 && one.chars().all(char::is_uppercase))
}

/// Whether a text has this word in capitals, be it at the beginning of a longer name.
fn shouts(text: &str, capitals: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphanumeric());
    text.contains(capitals)
        && words().filter(|word| word.contains(capitals)).flat_map(split).any(|word| word == capitals)
}

/// The words of a name: `podIPs` -> `pod`, `IPs`; `HTTPRoute_v2` -> `HTTP`, `Route`, `v2`.
fn split(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.extend(Some(std::mem::take(&mut word)));
            continue;
        }
        let follows_lower = index > 0 && chars[index - 1].is_lowercase();
        let before_lower = chars.get(index + 1).is_some_and(|next| next.is_lowercase());
        let ends_plural = chars.get(index + 1) == Some(&'s') && !chars.get(index + 2).is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() && !word.is_empty() && (follows_lower || before_lower && !ends_plural) {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_words() {
        let plain = ["startTime", "podIPs", "HTTPRoute", "http-code", "x.y/z", "3scale", "größe", "-", "", "IPs"];
        let labels = plain.map(|name| words(name, ""));
        assert_eq!(
            labels,
            ["Start time", "Pod IPs", "HTTP route", "HTTP code", "X y z", "3scale", "Größe", "-", "", "IPs"]
        );
    }

    #[test]
    fn the_docs_know_what_is_written_in_capitals() {
        assert_eq!(words("aclNames", "ACLNames is a list of names."), "ACL names");
        assert_eq!(words("peerAsn", "The ASN of the peer."), "Peer ASN");
        assert_eq!(words("peerAsn", "The number of the peer."), "Peer asn");
    }
}
