//! The generators by their names.

use std::fmt;
use std::str::FromStr;

/// A generator of clients from OpenAPI documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// @hey-api/openapi-ts: TypeScript functions, with watches as iterators.
    HeyApi,
    /// openapi-typescript: TypeScript types, for openapi-fetch.
    OpenapiTypescript,
    /// orval: TypeScript functions.
    Orval,
    /// kubb: TypeScript functions.
    Kubb,
    /// OpenAPI Generator, for many languages.
    OpenapiGenerator(Language),
    /// progenitor: Rust.
    Progenitor,
}

/// A generator of OpenAPI Generator for which there is a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Classes over `fetch`.
    TypescriptFetch,
    /// Classes over axios.
    TypescriptAxios,
    /// Services of Angular.
    TypescriptAngular,
    /// Functions over reqwest.
    Rust,
    /// A package over `net/http`.
    Go,
    /// Classes over urllib3, models of pydantic.
    Python,
}

/// Every generator by the name that people say.
pub const NAMES: [(&str, Generator); 11] = [
    ("hey-api", Generator::HeyApi),
    ("openapi-typescript", Generator::OpenapiTypescript),
    ("orval", Generator::Orval),
    ("kubb", Generator::Kubb),
    ("progenitor", Generator::Progenitor),
    ("openapi-generator:typescript-fetch", Generator::OpenapiGenerator(Language::TypescriptFetch)),
    ("openapi-generator:typescript-axios", Generator::OpenapiGenerator(Language::TypescriptAxios)),
    ("openapi-generator:typescript-angular", Generator::OpenapiGenerator(Language::TypescriptAngular)),
    ("openapi-generator:rust", Generator::OpenapiGenerator(Language::Rust)),
    ("openapi-generator:go", Generator::OpenapiGenerator(Language::Go)),
    ("openapi-generator:python", Generator::OpenapiGenerator(Language::Python)),
];

impl Generator {
    /// The name that people say.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, known)| *known == self).map(|(name, _)| *name).expect("every generator has a name")
    }

    /// Whether it reads OpenAPI 3.1.
    pub fn reads_3_1(self) -> bool {
        self != Self::Progenitor
    }
}

impl fmt::Display for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no generator's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no recipe for it; known are {}", NAMES.map(|(name, _)| name).join(", "))]
pub struct UnknownGenerator;

impl FromStr for Generator {
    type Err = UnknownGenerator;

    fn from_str(name: &str) -> Result<Self, UnknownGenerator> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, generator)| *generator).ok_or(UnknownGenerator)
    }
}
