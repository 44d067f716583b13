//! Scalars: candidates from the schema and the name of the field, of which those that fit are taken.

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use crdgen_schema::Schema;
use crdgen_schema::schema::{Bounds, SchemaType};
use serde_json::{Value as Json, json};

use super::{Made, Maker, Mode, count};
use crate::demand::Demand;
use crate::mentions::Mentions;
use crate::plausible;
use crate::request::Request;
use crate::template::Template;
use crate::unmade::Unmade;

/// Maximum length of a text that is made longer to fit, in characters.
const MAX_PADDED: usize = 4096;

/// Maximum number of patterns that are tried for one text.
const MAX_PATTERNS: usize = 8;

/// Maximum number of literals that are joined with each other.
const MAX_JOINED: usize = 8;

/// Properties of a scalar that its schemas mention.
struct Hints<'s> {
    schemas: Vec<&'s Schema>,
    enum_: Vec<&'s Json>,
    defaults: Vec<&'s Json>,
    mentions: Vec<Mentions>,
    least_length: usize,
    most_length: usize,
}

impl<'s> Hints<'s> {
    fn of(demand: &Demand<'s>) -> Self {
        let schemas = demand.hints();
        let bounds = || schemas.iter().map(|schema| &schema.bounds);
        Self {
            enum_: schemas.iter().flat_map(|schema| &schema.enum_).filter(|value| !value.is_null()).collect(),
            defaults: schemas.iter().filter_map(|schema| schema.default.as_deref()).collect(),
            mentions: schemas
                .iter()
                .flat_map(|schema| &schema.validations)
                .map(|rule| Mentions::of(&rule.rule))
                .collect(),
            least_length: bounds().filter_map(|bounds| bounds.min_length).map(count).max().unwrap_or(0),
            most_length: bounds().filter_map(|bounds| bounds.max_length).map(count).min().unwrap_or(usize::MAX),
            schemas,
        }
    }

    fn bounds(&self) -> impl Iterator<Item = &'s Bounds> {
        self.schemas.iter().map(|schema| &*schema.bounds)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.mentions.iter().flat_map(|mentions| &mentions.texts).map(String::as_str)
    }

    /// Returns the types of the value, the likely one first.
    fn types(&self, demand: &Demand<'s>, name: &str) -> Vec<SchemaType> {
        if let Some(type_) = demand.type_() {
            return vec![type_];
        }
        if self.schemas.iter().any(|schema| schema.int_or_string) {
            let is_text = plausible::text(name).is_some() || plausible::number(name).is_none() && self.has_patterns();
            return match is_text {
                true => vec![SchemaType::String, SchemaType::Integer],
                false => vec![SchemaType::Integer, SchemaType::String],
            };
        }
        let mut types: Vec<_> = self.schemas.iter().filter_map(|schema| schema.type_).collect();
        types.extend([
            SchemaType::Object,
            SchemaType::String,
            SchemaType::Integer,
            SchemaType::Boolean,
            SchemaType::Array,
        ]);
        types
    }

    fn has_patterns(&self) -> bool {
        self.bounds().any(|bounds| bounds.pattern.is_some())
    }
}

impl<'s> Maker<'_, 's> {
    /// Makes a scalar, or a value of any type.
    pub(super) fn scalar(&mut self, demand: &Demand<'s>, request: &Request<'_>) -> Made {
        let mut found = self.scalars(demand, request, &Mentions::default(), request.variant + 1);
        match found.pop() {
            Some(value) => Ok(value),
            None => Err(Unmade::new(request.path, self.constraint(demand))),
        }
    }

    /// Returns up to `most` different scalars. `mentions` has further ideas for them.
    pub(crate) fn scalars(
        &mut self,
        demand: &Demand<'s>,
        request: &Request<'_>,
        mentions: &Mentions,
        most: usize,
    ) -> Vec<Json> {
        let hints = Hints::of(demand);
        let name = request.path.name().unwrap_or_default().to_owned();
        let mut search = Search { found: Vec::new(), most, tried: 0 };
        if self.mode != Mode::Random {
            hints.defaults.iter().for_each(|value| self.try_value(&mut search, demand, (*value).clone()));
        }
        let mut allowed: Vec<Json> = hints.enum_.iter().map(|value| (*value).clone()).collect();
        if self.mode == Mode::Random {
            self.rng.shuffle(&mut allowed);
        }
        allowed.into_iter().for_each(|value| self.try_value(&mut search, demand, value));
        if demand.all.iter().any(|schema| !schema.enum_.is_empty()) {
            return search.found;
        }
        for type_ in hints.types(demand, &name) {
            match type_ {
                _ if search.is_over() => break,
                SchemaType::String => self.try_texts(&mut search, demand, &hints, mentions, &name),
                SchemaType::Integer | SchemaType::Number => {
                    self.try_numbers(&mut search, demand, &hints, mentions, &name, type_);
                }
                SchemaType::Boolean => {
                    let first = self.mode != Mode::Random || self.rng.bool();
                    [first, !first].into_iter().for_each(|value| self.try_value(&mut search, demand, json!(value)));
                }
                SchemaType::Object => self.try_value(&mut search, demand, json!({})),
                SchemaType::Array => self.try_value(&mut search, demand, json!([])),
            }
        }
        search.found
    }

    fn try_value(&mut self, search: &mut Search, demand: &Demand<'s>, value: Json) {
        if search.is_over() || search.found.contains(&value) {
            return;
        }
        search.tried += 1;
        self.left = self.left.saturating_sub(1);
        if self.left > 0 && self.fits(demand, &value) {
            search.found.push(value);
        }
    }

    /// Returns whether a scalar meets all requirements.
    pub(super) fn fits(&mut self, demand: &Demand<'s>, value: &Json) -> bool {
        demand.all.iter().all(|schema| accepts_all(schema, value) || self.checks.get(schema).causes(value).is_empty())
            && demand.none.iter().all(|schema| !self.checks.get(schema).causes(value).is_empty())
    }

    fn try_texts(
        &mut self,
        search: &mut Search,
        demand: &Demand<'s>,
        hints: &Hints<'s>,
        mentions: &Mentions,
        name: &str,
    ) {
        let patterns = hints.bounds().filter_map(|bounds| bounds.pattern.as_deref());
        let literals: Vec<&str> = mentions.texts.iter().map(String::as_str).chain(hints.texts()).collect();
        let templates: Vec<Template> =
            patterns.chain(literals.iter().copied()).take(MAX_PATTERNS).filter_map(Template::parse).collect();
        if self.mode == Mode::Random {
            self.try_random_texts(search, demand, hints, &templates);
        }
        let formats = hints.schemas.iter().filter_map(|schema| plausible::of_format(schema.format.as_deref()?));
        let telling = literals.iter().copied().chain(formats).chain(plausible::text(name)).chain(plausible::TEXTS);
        for text in telling {
            self.try_text(search, demand, hints, text);
        }
        self.try_joined(search, demand, hints, &literals);
        self.try_templates(search, demand, hints, &templates);
        self.try_joined_templates(search, demand, &templates, &literals);
        for number in 2..=200 {
            for text in ["example-", "Example", "a", "10.0.0."] {
                if search.is_over() {
                    return;
                }
                self.try_text(search, demand, hints, &format!("{text}{number}"));
            }
        }
    }

    /// Tries texts that begin or end with literals of a rule, also as base64.
    fn try_joined(&mut self, search: &mut Search, demand: &Demand<'s>, hints: &Hints<'s>, literals: &[&str]) {
        let literals = &literals[..literals.len().min(MAX_JOINED)];
        let ends = || literals.iter().copied().chain(["example"]);
        for start in ends() {
            for text in ends().flat_map(|end| [format!("{start}{end}"), format!("{start}example{end}")]) {
                if hints.schemas.iter().any(|schema| schema.format.as_deref() == Some("byte")) {
                    self.try_text(search, demand, hints, &BASE64.encode(&text));
                }
                self.try_text(search, demand, hints, &text);
            }
        }
    }

    /// Tries texts of two patterns with a separator between them: rules split texts.
    fn try_joined_templates(
        &mut self,
        search: &mut Search,
        demand: &Demand<'s>,
        templates: &[Template],
        literals: &[&str],
    ) {
        let is_separator = |text: &&&str| text.len() <= 3 && !text.contains(char::is_alphanumeric);
        let texts: Vec<String> = templates.iter().filter_map(Template::shortest).take(MAX_JOINED).collect();
        for separator in literals.iter().filter(is_separator).take(2) {
            for (first, second) in texts.iter().flat_map(|first| texts.iter().map(move |second| (first, second))) {
                self.try_value(search, demand, Json::String(format!("{first}{separator}{second}")));
            }
        }
    }

    fn try_templates(&mut self, search: &mut Search, demand: &Demand<'s>, hints: &Hints<'s>, templates: &[Template]) {
        let length = u32::try_from(hints.least_length.min(MAX_PADDED)).unwrap_or_default();
        for template in templates {
            if let Some(text) = template.shortest() {
                self.try_value(search, demand, Json::String(text));
            }
            for growth in [1, 2, 4, 8, 16, length, 2 * length, 1, 1, 2, 2, 4, 4, 4, 8, 8] {
                if search.is_over() {
                    return;
                }
                if let Some(text) = template.sample(&mut self.rng, growth) {
                    self.try_value(search, demand, Json::String(text));
                }
            }
        }
    }

    fn try_random_texts(
        &mut self,
        search: &mut Search,
        demand: &Demand<'s>,
        hints: &Hints<'s>,
        templates: &[Template],
    ) {
        if !templates.is_empty() {
            let growth = self.rng.u32(..6);
            let texts: Vec<_> = templates.iter().filter_map(|one| one.sample(&mut self.rng, growth)).collect();
            texts.into_iter().for_each(|text| self.try_value(search, demand, Json::String(text)));
            return;
        }
        for _ in 0..=search.most.min(8) {
            let most = hints.most_length.min(hints.least_length.saturating_add(8)).min(MAX_PADDED);
            let length = self.rng.usize(hints.least_length.min(most)..=most);
            let text = (0..length).map(|_| self.rng.lowercase()).collect();
            self.try_value(search, demand, Json::String(text));
        }
    }

    /// Tries a text, also made as long or as short as it has to be.
    fn try_text(&mut self, search: &mut Search, demand: &Demand<'s>, hints: &Hints<'s>, text: &str) {
        if search.is_over() {
            return;
        }
        let length = text.chars().count();
        let fitting = match () {
            () if length < hints.least_length && hints.least_length <= MAX_PADDED => {
                let base = if text.is_empty() { "a" } else { text };
                base.chars().cycle().take(hints.least_length).collect()
            }
            () if length > hints.most_length => text.chars().take(hints.most_length).collect(),
            () => text.to_owned(),
        };
        self.try_value(search, demand, Json::String(fitting));
    }

    fn try_numbers(
        &mut self,
        search: &mut Search,
        demand: &Demand<'s>,
        hints: &Hints<'s>,
        mentions: &Mentions,
        name: &str,
        type_: SchemaType,
    ) {
        let least = hints.bounds().filter_map(|bounds| bounds.minimum).fold(f64::NEG_INFINITY, f64::max);
        let most = hints.bounds().filter_map(|bounds| bounds.maximum).fold(f64::INFINITY, f64::min);
        let mut numbers = Vec::new();
        if self.mode == Mode::Random {
            let low = if least.is_finite() { least } else { most.min(0.0) };
            let width = (most - low).clamp(0.0, 100.0);
            numbers.extend((0..8).map(|_| (low + self.rng.f64() * width).floor()));
        }
        let literals = mentions.numbers.iter().chain(hints.mentions.iter().flat_map(|mentions| &mentions.numbers));
        numbers.extend(literals.flat_map(|number| [*number, number + 1.0, number - 1.0]));
        numbers.extend(plausible::number(name).map(|number| number as f64));
        numbers.extend([1.0, least, least.ceil(), least + 1.0, 0.0, most, most.floor(), most - 1.0]);
        numbers.push(f64::midpoint(least, most));
        for factor in hints.bounds().filter_map(|bounds| bounds.multiple_of) {
            let times = if least.is_finite() { (least / factor).ceil() } else { 1.0 };
            numbers.extend([factor * times, factor * (times + 1.0), (most / factor).floor() * factor]);
        }
        let low = if least.is_finite() { least.ceil() } else { most.min(1.0).floor() };
        numbers.extend((1..=64).map(|offset| low + f64::from(offset)));
        numbers.extend((1..=64).map(|offset| low - f64::from(offset)));
        for number in numbers.into_iter().filter(|number| number.is_finite()) {
            if search.is_over() {
                return;
            }
            if let Some(number) = written(number, type_) {
                self.try_value(search, demand, number);
            }
        }
    }

    /// Returns the constraints of a value in words.
    fn constraint(&mut self, demand: &Demand<'s>) -> String {
        let mut parts = Vec::new();
        for schema in demand.hints() {
            parts.extend(schema.bounds.pattern.as_ref().map(|pattern| format!("pattern `{pattern}`")));
            parts.extend(schema.format.as_ref().map(|format| format!("format `{format}`")));
            parts.extend(schema.validations.iter().map(|rule| format!("rule `{}`", rule.rule.trim())));
            parts.extend((!schema.enum_.is_empty()).then(|| "enum".to_owned()));
        }
        let mut text = match parts.is_empty() {
            true => "no value was found within the bounds".to_owned(),
            false => format!("no value was found for {}", parts.join(", ")),
        };
        let end = text.char_indices().nth(500).map(|(at, _)| at);
        text.truncate(end.unwrap_or(text.len()));
        text
    }
}

/// Search for scalars.
struct Search {
    found: Vec<Json>,
    /// Wanted number.
    most: usize,
    tried: usize,
}

impl Search {
    /// Maximum number of candidates that are checked.
    const MAX_TRIED: usize = 1000;

    fn is_over(&self) -> bool {
        self.found.len() >= self.most || self.tried > Self::MAX_TRIED
    }
}

/// Returns whether a schema says nothing about a scalar beyond its type, and the value has the type.
fn accepts_all(schema: &Schema, value: &Json) -> bool {
    let has_type = match schema.type_ {
        Some(SchemaType::String) => value.is_string(),
        Some(SchemaType::Boolean) => value.is_boolean(),
        _ => false,
    };
    has_type
        && schema.format.is_none()
        && schema.enum_.is_empty()
        && *schema.bounds == Bounds::default()
        && schema.validations.is_empty()
        && schema.not.is_none()
        && [&schema.all_of, &schema.any_of, &schema.one_of].into_iter().all(|branches| branches.is_empty())
}

/// Returns a number of a type, if the type has the number.
fn written(number: f64, type_: SchemaType) -> Option<Json> {
    let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and fits")]
    match (is_whole, type_) {
        (true, _) => Some(json!(number as i64)),
        (false, SchemaType::Integer) => None,
        (false, _) => Some(json!(number)),
    }
}
