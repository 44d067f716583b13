//! The API server's own validation code as a program that answers questions line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::go;

/// A running oracle. Dropping the value ends it.
pub struct Oracle {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A question about one schema and any number of values.
#[derive(Serialize)]
pub struct Question<'q> {
    /// Operation that the oracle runs on each value.
    pub op: Op,
    /// Structural schema, as in a CRD's `openAPIV3Schema`.
    pub schema: &'q Value,
    /// Whether the kind has a status subresource.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub status: bool,
    /// Values to run the operation on.
    pub cases: Vec<Case<'q>>,
}

/// Operation on the values.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Validates the values as objects that are written.
    Write,
    /// Evaluates the rules of the schema's root on the values.
    Rule,
    /// Compiles the rules of the schema's root as new ones. There are no values.
    Compile,
    /// Validates a CRD, which takes the place of the schema. There are no values.
    Crd,
}

/// A value, and the value that it replaces.
#[derive(Serialize)]
pub struct Case<'q> {
    /// New value.
    pub object: &'q Value,
    /// Stored value that `object` replaces; `None` for a creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<&'q Value>,
}

/// Response to a question.
#[derive(Debug, Deserialize)]
pub struct Response {
    /// Answers for the cases, in their order; `None` if the server refuses the schema.
    pub answers: Option<Vec<Answer>>,
    /// Reasons why the server refuses the schema or the CRD.
    #[serde(default)]
    pub refused: Vec<String>,
    /// Results for the rules of a schema node, in their order.
    #[serde(default)]
    pub compiled: Vec<Compiled>,
}

/// Properties of a rule that a server knows before it evaluates the rule.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Compiled {
    /// Reason why the rule is refused.
    pub error: Option<String>,
    /// Highest cost of the rule for one value, in units.
    pub cost: u64,
    /// Reason why `messageExpression` is refused.
    pub message_error: Option<String>,
    /// Highest cost of `messageExpression`, in units.
    pub message_cost: u64,
}

/// Result for one value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Reason why the value cannot be decoded.
    pub malformed: Option<String>,
    /// Reasons why the value is refused.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// Fields that were dropped.
    #[serde(default)]
    pub unknown_fields: Vec<String>,
    /// Warnings in the response.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The value as it is stored.
    pub stored: Option<Value>,
}

/// Reason for a refusal.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// `reason` of the cause in an API server's `Status`, such as `FieldValueInvalid`.
    pub reason: String,
    /// Path of the field, such as `spec.size`.
    pub field: String,
    /// `message` of the cause, for people.
    pub message: String,
}

impl Oracle {
    /// Builds the program if necessary, and starts it.
    pub fn start() -> Result<Self> {
        let program = go::Module::new("oracle").build(&[])?;
        let mut command = Command::new(program);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot run the oracle")?;
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("the oracle has no output")?);
        Ok(Self { child, questions, answers })
    }

    /// Sends a question and waits for the response.
    pub fn ask(&mut self, question: &Question<'_>) -> Result<Response> {
        let questions = self.questions.as_mut().context("the oracle has ended")?;
        let mut line = serde_json::to_vec(question)?;
        line.push(b'\n');
        questions.write_all(&line).and_then(|()| questions.flush()).context("the oracle has ended")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).context("the oracle has ended")?;
        serde_json::from_str(&answer).with_context(|| format!("the oracle answered: {answer}"))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // The program ends at the end of its input.
        self.questions = None;
        _ = self.child.wait();
    }
}
