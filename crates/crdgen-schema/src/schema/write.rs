//! Conversion of a [`Schema`] to JSON.

use serde_json::{Map, Value as Json};

use super::{Additional, Bounds, ListType, Rule, Schema, SchemaType};

impl Schema {
    /// Converts the node to an `openAPIV3Schema`, without documentation (except `title`) and without keywords that
    /// the API server drops.
    ///
    /// Reading the result gives an equal schema, except for positions and documentation.
    pub fn to_json(&self) -> Json {
        let mut out = Keywords::default();
        out.text("type", self.type_.map(type_name));
        out.text("format", self.format.as_deref());
        out.text("title", self.title.as_deref());
        out.flag("nullable", self.nullable);
        out.value("default", self.default.clone());
        out.list("enum", &self.enum_, Json::clone);
        out.bounds(&self.bounds);
        out.extensions(self);
        out.list("required", &self.required, |name| name.as_str().into());
        out.value("properties", properties(self));
        out.value("additionalProperties", self.additional_properties.as_ref().map(additional));
        out.value("items", self.items.as_deref().map(Schema::to_json));
        out.list("allOf", &self.all_of, Schema::to_json);
        out.list("anyOf", &self.any_of, Schema::to_json);
        out.list("oneOf", &self.one_of, Schema::to_json);
        out.value("not", self.not.as_deref().map(Schema::to_json));
        out.list("x-kubernetes-validations", &self.validations, rule);
        Json::Object(out.0)
    }
}

/// Keywords that have an effect.
#[derive(Default)]
struct Keywords(Map<String, Json>);

impl Keywords {
    fn value(&mut self, keyword: &str, value: Option<Json>) {
        if let Some(value) = value {
            self.0.insert(keyword.to_owned(), value);
        }
    }

    fn text(&mut self, keyword: &str, text: Option<&str>) {
        self.value(keyword, text.map(Json::from));
    }

    fn flag(&mut self, keyword: &str, set: bool) {
        self.value(keyword, set.then_some(Json::Bool(true)));
    }

    fn list<T>(&mut self, keyword: &str, items: &[T], json: impl Fn(&T) -> Json) {
        self.value(keyword, (!items.is_empty()).then(|| items.iter().map(json).collect()));
    }

    fn bounds(&mut self, bounds: &Bounds) {
        self.text("pattern", bounds.pattern.as_deref());
        self.value("minLength", bounds.min_length.map(Json::from));
        self.value("maxLength", bounds.max_length.map(Json::from));
        self.value("minimum", bounds.minimum.map(number));
        self.flag("exclusiveMinimum", bounds.exclusive_minimum);
        self.value("maximum", bounds.maximum.map(number));
        self.flag("exclusiveMaximum", bounds.exclusive_maximum);
        self.value("multipleOf", bounds.multiple_of.map(number));
        self.value("minItems", bounds.min_items.map(Json::from));
        self.value("maxItems", bounds.max_items.map(Json::from));
        self.value("minProperties", bounds.min_properties.map(Json::from));
        self.value("maxProperties", bounds.max_properties.map(Json::from));
    }

    fn extensions(&mut self, schema: &Schema) {
        self.flag("x-kubernetes-int-or-string", schema.int_or_string);
        self.flag("x-kubernetes-preserve-unknown-fields", schema.preserve_unknown_fields);
        self.flag("x-kubernetes-embedded-resource", schema.embedded_resource);
        self.text("x-kubernetes-list-type", schema.list_type.map(list_type));
        self.list("x-kubernetes-list-map-keys", &schema.list_map_keys, |key| key.as_str().into());
        self.text("x-kubernetes-map-type", schema.map_type.as_deref());
    }
}

fn type_name(type_: SchemaType) -> &'static str {
    match type_ {
        SchemaType::Object => "object",
        SchemaType::Array => "array",
        SchemaType::String => "string",
        SchemaType::Integer => "integer",
        SchemaType::Number => "number",
        SchemaType::Boolean => "boolean",
    }
}

fn list_type(list_type: ListType) -> &'static str {
    match list_type {
        ListType::Atomic => "atomic",
        ListType::Set => "set",
        ListType::Map => "map",
    }
}

fn properties(schema: &Schema) -> Option<Json> {
    let properties = schema.properties.iter().map(|(name, property)| (name.clone(), property.to_json()));
    (!schema.properties.is_empty()).then(|| properties.collect())
}

fn additional(additional: &Additional) -> Json {
    match additional {
        Additional::Allowed(allowed) => Json::Bool(*allowed),
        Additional::Schema(values) => values.to_json(),
    }
}

fn rule(rule: &Rule) -> Json {
    let mut out = Keywords::default();
    out.text("rule", Some(&rule.rule));
    out.text("message", rule.message.as_deref());
    out.text("messageExpression", rule.message_expression.as_deref());
    out.text("reason", rule.reason.as_deref());
    out.text("fieldPath", rule.field_path.as_deref());
    out.flag("optionalOldSelf", rule.is_old_self_optional());
    Json::Object(out.0)
}

/// Converts a float64. A value without a fraction becomes an integer.
fn number(value: f64) -> Json {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    match value.fract() == 0.0 {
        true if (-TWO_TO_63..TWO_TO_63).contains(&value) => Json::from(value as i64),
        true if (TWO_TO_63..2.0 * TWO_TO_63).contains(&value) => Json::from(value as u64),
        _ => Json::from(value),
    }
}
