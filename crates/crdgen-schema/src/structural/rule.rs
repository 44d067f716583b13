//! Checks of `x-kubernetes-validations` that need no CEL.

use super::field_path;
use super::refusal::refuse;
use crate::report::{Path, Report};
use crate::schema::{Rule, Schema};

const CODE: &str = "schema::rule";
const REASONS: [&str; 4] = ["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"];

/// Checks the fields of every rule.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let path = path.field("x-kubernetes-validations");
    for (index, rule) in schema.validations.iter().enumerate() {
        check_rule(rule, schema, &path.index(index), report);
    }
}

fn check_rule(rule: &Rule, schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let mut refuse = |field: &'static str, message: &str, help: &str| {
        refuse(report, CODE, schema.span, &path.field(field), message, help);
    };
    let message = rule.message.as_deref().unwrap_or_default();
    if rule.rule.trim().is_empty() {
        refuse("rule", "the rule is empty", "write a CEL expression");
    } else if !message.is_empty() && message.trim().is_empty() {
        refuse("message", "the message is blank", "write a message that says what is wrong, or remove it");
    } else if has_line_break(message.trim()) {
        refuse("message", "the message has line breaks", "write it in one line");
    } else if has_line_break(rule.rule.trim()) && message.trim().is_empty() {
        refuse(
            "message",
            "a rule of several lines needs a message",
            "write a message of one line that says what is wrong",
        );
    }
    if is_blank(rule.message_expression.as_deref()) {
        refuse(
            "messageExpression",
            "the expression is blank",
            "write a CEL expression that returns a string, or remove it",
        );
    }
    if rule.reason.as_deref().is_some_and(|reason| !REASONS.contains(&reason)) {
        refuse("reason", "the reason is not valid", &format!("use one of {}", REASONS.join(", ")));
    }
    if rule.is_old_self_optional() && !rule.rule.contains("oldSelf") {
        refuse("optionalOldSelf", "the rule does not use oldSelf", "remove `optionalOldSelf`");
    }
    let field_path = rule.field_path.as_deref().unwrap_or_default();
    if is_blank(rule.field_path.as_deref()) || has_line_break(field_path) {
        refuse("fieldPath", "the path is blank or has line breaks", "write a path such as .spec.replicas");
    } else if let Err(problem) = field_path::find(field_path, schema) {
        refuse(
            "fieldPath",
            &format!("`{field_path}` {problem}"),
            "name a declared field; the path is relative to the node that has the rule",
        );
    }
}

/// Returns whether a text is set and has no visible character.
fn is_blank(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty() && text.trim().is_empty())
}

fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}
