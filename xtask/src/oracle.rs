//! What an API server would answer: the server's own code as a program, asked line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::go;

/// A running oracle; dropped, it ends.
pub struct Oracle {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A question about one schema and any number of values.
#[derive(Serialize)]
pub struct Question<'q> {
    pub op: Op,
    pub schema: &'q Value,
    /// Whether there is a status subresource.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub status: bool,
    pub cases: Vec<Case<'q>>,
}

/// What is done with the values.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// They are objects that are written.
    Write,
    /// They are values of the schema's root, over which its rules are evaluated.
    Rule,
}

/// A value, and the one that it replaces.
#[derive(Serialize)]
pub struct Case<'q> {
    pub object: &'q Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<&'q Value>,
}

/// The answer to a question.
#[derive(Debug, Deserialize)]
pub struct Response {
    /// For every case, in their order; none if no CRD may have the schema.
    pub answers: Option<Vec<Answer>>,
}

/// What becomes of a value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Why it cannot be decoded.
    pub malformed: Option<String>,
    /// Why it is refused.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// What was dropped of it.
    #[serde(default)]
    pub unknown_fields: Vec<String>,
    /// What the server says beside.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What is read afterwards.
    pub stored: Option<Value>,
}

/// One reason for a refusal.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    pub reason: String,
    pub field: String,
    pub message: String,
}

impl Oracle {
    /// Builds the program if that was not done yet, and starts it.
    pub fn start() -> Result<Self> {
        let program = go::Module::new("oracle").build(&[])?;
        let mut command = Command::new(program);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot run the oracle")?;
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("the oracle has no output")?);
        Ok(Self { child, questions, answers })
    }

    /// Asks a question and waits for the answer.
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
        // Without questions it ends by itself.
        self.questions = None;
        _ = self.child.wait();
    }
}
