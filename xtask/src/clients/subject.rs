//! Tools of the matrix: generators and linters.

use crdgen::external_generators::{Generator, Language, NAMES};

use super::document::{Document, Form};

/// A tool of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Generator(Generator),
    Redocly,
    Spectral,
    OpenapiSpecValidator,
}

/// Returns all tools. Linters come first because their messages are the shortest.
pub fn subjects() -> Vec<Subject> {
    let linters = [Subject::Redocly, Subject::Spectral, Subject::OpenapiSpecValidator];
    linters.into_iter().chain(NAMES.map(|(_, generator)| Subject::Generator(generator))).collect()
}

impl Subject {
    /// Returns the name in the matrix.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Generator(generator) => generator.name(),
            Self::Redocly => "redocly",
            Self::Spectral => "spectral",
            Self::OpenapiSpecValidator => "openapi-spec-validator",
        }
    }

    /// Returns whether the tool runs with a document.
    pub fn reads(&self, document: &Document) -> bool {
        match self {
            Self::Generator(Generator::Progenitor) => document.form == Form::Progenitor,
            Self::Generator(_) => document.form != Form::Progenitor,
            Self::Redocly | Self::Spectral | Self::OpenapiSpecValidator => true,
        }
    }

    /// Returns whether the tool takes about a minute to set up and to compile its output.
    pub fn is_quick(&self) -> bool {
        !self.makes_rust()
    }

    pub fn makes_rust(&self) -> bool {
        matches!(self, Self::Generator(Generator::Progenitor | Generator::OpenapiGenerator(Language::Rust)))
    }
}
