//! Objects, made field by field.

use crdgen_schema::Schema;
use crdgen_schema::schema::Additional;
use serde_json::{Map, Value as Json, json};

use super::{Made, Maker, Mode, count};
use crate::demand::Plan;
use crate::maker::MAX_DEPTH;
use crate::plausible;
use crate::request::Request;
use crate::step::Path;
use crate::unmade::Unmade;

/// Numbers of fields that an object may have.
struct Range {
    least: usize,
    most: usize,
}

impl Range {
    fn of(plan: &Plan<'_>) -> Self {
        let bounds = || plan.all.iter().map(|schema| &schema.bounds);
        Self {
            least: bounds().filter_map(|bounds| bounds.min_properties).map(count).max().unwrap_or(0),
            most: bounds().filter_map(|bounds| bounds.max_properties).map(count).min().unwrap_or(usize::MAX),
        }
    }
}

impl<'s> Maker<'_, 's> {
    /// Makes an object by a plan.
    pub(super) fn object(&mut self, plan: &Plan<'s>, request: &Request<'_>) -> Made {
        let range = Range::of(plan);
        let mut fields = self.given(plan.structure(), request);
        self.properties(plan, request, &range, &mut fields)?;
        self.keys(plan, request, &range, &mut fields)?;
        if fields.len() < range.least {
            self.fill_up(plan, request, &range, &mut fields);
        }
        Ok(Json::Object(fields))
    }

    /// Returns the fields that the API of every object has.
    fn given(&self, schema: &Schema, request: &Request<'_>) -> Map<String, Json> {
        match request.path {
            Path::Root => self.head.clone(),
            _ if schema.embedded_resource => Map::from_iter([
                ("apiVersion".to_owned(), json!("v1")),
                ("kind".to_owned(), json!("ConfigMap")),
                ("metadata".to_owned(), json!({"name": "example"})),
            ]),
            _ => Map::new(),
        }
    }

    /// Adds the declared fields.
    fn properties(
        &mut self,
        plan: &Plan<'s>,
        request: &Request<'_>,
        range: &Range,
        fields: &mut Map<String, Json>,
    ) -> Made<()> {
        let required: Vec<&str> = plan.required().collect();
        let wished = request.wished_field().map(|(name, _)| name);
        // Controllers read `spec`, whether it is required or not.
        let has_spec = matches!(request.path, Path::Root) && request.wish.is_none() && !self.head.is_empty();
        let is_needed = |name: &str, schema: &Schema| {
            let is_required = required.contains(&name) || (has_spec && name == "spec");
            wished == Some(name) || (is_required && schema.default.is_none())
        };
        let properties = &plan.structure().properties;
        let is_open = |name: &str, fields: &Map<String, Json>| {
            wished == Some(name) || !(fields.contains_key(name) || self.is_status(name, request))
        };
        let open: Vec<_> = properties.iter().filter(|(name, _)| is_open(name, fields)).collect();
        let mut waiting = open.iter().filter(|(name, schema)| is_needed(name, schema)).count();
        for (name, property) in open {
            let is_needed = is_needed(name, property);
            waiting -= usize::from(is_needed);
            let is_absent = plan.absent.contains(&name.as_str());
            if is_needed && is_absent {
                return Err(Unmade::new(Path::Field(&request.path, name), "the field is required, and must be absent"));
            }
            let has_room = fields.len() + waiting < range.most;
            if is_absent || !(is_needed || (has_room && self.is_wanted(plan, request, name))) {
                continue;
            }
            match self.field(plan, request, name) {
                Ok(value) => _ = fields.insert(name.clone(), value),
                Err(unmade) if is_needed => return Err(unmade),
                // A part of the field may have a value where the whole has none.
                Err(_) if self.mode == Mode::Full => {
                    let path = Path::Field(&request.path, name);
                    let made = self.minimal(property, &Request { path, ..*request });
                    fields.extend(made.ok().map(|value| (name.clone(), value)));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn is_status(&self, name: &str, request: &Request<'_>) -> bool {
        self.is_without_status && name == "status" && matches!(request.path, Path::Root)
    }

    /// Returns whether an optional field is made.
    fn is_wanted(&mut self, plan: &Plan<'s>, request: &Request<'_>, name: &str) -> bool {
        let is_avoided = plan.avoided.iter().any(|(avoided, _)| *avoided == name);
        let depth = request.path.depth();
        is_avoided
            || match self.mode {
                Mode::Minimal => false,
                Mode::Full => depth < MAX_DEPTH,
                Mode::Random => {
                    let wanted = 6.0 / (depth + 1) as f64;
                    self.rng.f64() < (wanted / plan.structure().properties.len() as f64).min(0.6)
                }
            }
    }

    /// Makes the value of a field.
    fn field(&mut self, plan: &Plan<'s>, request: &Request<'_>, name: &str) -> Made {
        let path = Path::Field(&request.path, name);
        let wish = request.wished_field().filter(|(wished, _)| *wished == name).map(|(_, wish)| wish);
        let request = Request { path, wish, ..*request };
        match plan.field(name) {
            Some(demand) => self.make(&demand, &request),
            None if plan.structure().preserve_unknown_fields || plan.structure().embedded_resource => {
                Ok(self.undeclared(wish.map_or(&[], |wish| wish.steps), &request))
            }
            None => match plan.structure().additional_properties {
                Some(Additional::Allowed(true)) => Ok(json!("example")),
                _ => Err(Unmade::new(path, "the field is not declared")),
            },
        }
    }

    /// Adds keys of a map, and required fields that are not declared as properties.
    fn keys(
        &mut self,
        plan: &Plan<'s>,
        request: &Request<'_>,
        range: &Range,
        fields: &mut Map<String, Json>,
    ) -> Made<()> {
        let structure = plan.structure();
        let is_undeclared = |name: &&str| !structure.properties.contains_key(*name);
        let wished = request.wished_field().map(|(name, _)| name);
        for name in plan.required().chain(wished).filter(is_undeclared) {
            if !fields.contains_key(name) || wished == Some(name) {
                let value = self.field(plan, request, name)?;
                fields.insert(name.to_owned(), value);
            }
        }
        let is_map = matches!(structure.additional_properties, Some(Additional::Schema(_)));
        let wanted = match self.mode {
            _ if !is_map => 0,
            Mode::Minimal => 0,
            Mode::Full => usize::from(request.path.depth() < MAX_DEPTH),
            Mode::Random => self.rng.usize(..3),
        };
        let is_extensible = is_map
            || structure.preserve_unknown_fields
            || structure.additional_properties == Some(Additional::Allowed(true));
        // Maps have their smallest size even if that means more keys than wanted. Other objects first use their fields.
        let least = if structure.properties.is_empty() && is_extensible { range.least } else { 0 };
        let count = wanted.min(range.most.saturating_sub(fields.len())).max(least.saturating_sub(fields.len()));
        let first = plausible::key(request.path.name().unwrap_or_default());
        for index in 0..count {
            let name = if index == 0 { first.to_owned() } else { format!("{first}-{}", index + 1) };
            let variant = request.variant + index;
            match self.field(plan, &Request { variant, ..*request }, &name) {
                Ok(value) => _ = fields.insert(name, value),
                Err(unmade) if index < least => return Err(unmade),
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Adds optional fields until there are enough.
    fn fill_up(&mut self, plan: &Plan<'s>, request: &Request<'_>, range: &Range, fields: &mut Map<String, Json>) {
        for name in plan.structure().properties.keys() {
            let is_open = !fields.contains_key(name) && !plan.absent.contains(&name.as_str());
            if fields.len() < range.least
                && is_open
                && let Ok(value) = self.field(plan, request, name)
            {
                fields.insert(name.clone(), value);
            }
        }
    }
}
