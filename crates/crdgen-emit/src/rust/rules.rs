//! `RULES`: the API server's checks of a type and its fields, as values of the runtime's `rule`.

use crdgen_model::{Field, FieldUnion, Levels, Object, Rule};
use proc_macro2::TokenStream;
use quote::quote;

use super::constraint::{self, Bound, Constraint, Counted};
use super::ident;
use super::scope::Scope;

/// Returns the constant, or `None` if there is nothing to check.
pub fn constant(object: &Object, scope: &Scope) -> Option<TokenStream> {
    let writer = Writer { scope };
    let mut rules: Vec<TokenStream> = Vec::new();
    let of_itself = constraint::of_object(object).into_iter().flat_map(|constraint| writer.checks(constraint));
    rules.extend(of_itself.map(|check| writer.rule("object", &[], &check)));
    for field in &object.fields {
        writer.field(field, &mut rules);
    }
    if rules.is_empty() {
        return None;
    }
    let rule = scope.name("::crdgen_runtime::Rule");
    Some(quote! {
        /// What the API server checks and these types do not.
        pub const RULES: &'static [#rule] = &[#(#rules),*];
    })
}

struct Writer<'a> {
    scope: &'a Scope,
}

impl Writer<'_> {
    fn field(&self, field: &Field, rules: &mut Vec<TokenStream>) {
        let mut slot = &field.slot;
        let mut levels = Levels::default();
        loop {
            let checks = constraint::of_slot(slot).into_iter().flat_map(|constraint| self.checks(constraint));
            for check in checks {
                rules.push(match levels.is_empty() {
                    true => self.rule("field", &[&field.wire], &check),
                    false => self.rule("below", &[&field.wire, &levels.to_string()], &check),
                });
            }
            let Some((level, inner)) = slot.below() else { return };
            levels.push(level);
            slot = inner;
        }
    }

    fn rule(&self, constructor: &str, place: &[&str], check: &TokenStream) -> TokenStream {
        let rule = self.scope.name("::crdgen_runtime::Rule");
        let constructor = ident(constructor);
        quote!(#rule::#constructor(#(#place,)* #check))
    }

    fn checks(&self, constraint: Constraint<'_>) -> Vec<TokenStream> {
        match constraint {
            Constraint::Required(keys) => vec![self.check("Required", quote!(&[#(#keys),*]))],
            Constraint::Pattern(pattern) => vec![self.check("Pattern", quote!(#pattern))],
            Constraint::Format(format) => vec![self.check("Format", quote!(#format))],
            Constraint::Count(counted, min, max) => self.count(counted, min, max),
            Constraint::Range(min, max) => self.range(min, max),
            Constraint::MultipleOf(factor) => vec![self.check("MultipleOf", float(factor))],
            Constraint::OneOf(values) => {
                let values = values.iter().map(|value| value.to_string());
                vec![self.check("OneOf", quote!(&[#(#values),*]))]
            }
            Constraint::Unique => vec![self.variant("Unique")],
            Constraint::UniqueBy(keys) => vec![self.check("UniqueBy", quote!(&[#(#keys),*]))],
            Constraint::Union(union) => vec![self.union(union)],
            Constraint::Immutable(message) => {
                let message = message.unwrap_or_default();
                vec![self.check("Immutable", quote!(#message))]
            }
            Constraint::Cel(rule) => vec![self.cel(rule)],
        }
    }

    fn count(&self, counted: Counted, min: Option<i64>, max: Option<i64>) -> Vec<TokenStream> {
        let what = match counted {
            Counted::Characters => "Length",
            Counted::Items => "Items",
            Counted::Properties => "Properties",
        };
        let ends = [("Min", min), ("Max", max)].into_iter();
        ends.filter_map(|(end, count)| Some(self.check(&format!("{end}{what}"), literal(&count?.to_string()))))
            .collect()
    }

    fn range(&self, min: Option<Bound>, max: Option<Bound>) -> Vec<TokenStream> {
        let ends = [("Minimum", min), ("Maximum", max)].into_iter();
        ends.filter_map(|(end, bound)| {
            let Bound { at, exclusive } = bound?;
            let exclusive = if exclusive { "Exclusive" } else { "" };
            Some(self.check(&format!("{exclusive}{end}"), float(at)))
        })
        .collect()
    }

    fn union(&self, union: &FieldUnion) -> TokenStream {
        let sets = union.branches.iter().map(|names| quote!(&[#(#names),*]));
        self.check(if union.exactly_one { "ExactlyOne" } else { "AtLeastOne" }, quote!(&[#(#sets),*]))
    }

    fn cel(&self, rule: &Rule) -> TokenStream {
        let cel = self.scope.name("::crdgen_runtime::Cel");
        let expression = &rule.rule;
        let texts = [
            ("message", &rule.message),
            ("message_expression", &rule.message_expression),
            ("reason", &rule.reason),
            ("field_path", &rule.field_path),
        ];
        let texts = texts.into_iter().filter_map(|(name, text)| {
            let (name, text) = (ident(name), text.as_ref()?);
            Some(quote!(#name: #text,))
        });
        let optional = rule.is_old_self_optional().then(|| quote!(optional_old_self: true,));
        self.check("Cel", quote!(#cel { rule: #expression, #(#texts)* #optional ..#cel::EMPTY }))
    }

    fn check(&self, variant: &str, value: TokenStream) -> TokenStream {
        let variant = self.variant(variant);
        quote!(#variant(#value))
    }

    fn variant(&self, name: &str) -> TokenStream {
        let (check, name) = (self.scope.name("::crdgen_runtime::Check"), ident(name));
        quote!(#check::#name)
    }
}

fn float(number: f64) -> TokenStream {
    literal(&format!("{number:?}"))
}

/// Returns a number as a literal, with its sign before it.
fn literal(number: &str) -> TokenStream {
    number.parse().expect("a printed number is a literal")
}
