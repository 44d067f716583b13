//! Config file and command line of a client generator.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::{Generator, Language};

/// Config and command line that run a generator in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Name of the config file in the folder, and its text. `None` if the generator has no config file.
    pub config: Option<(&'static str, String)>,
    /// Path of the OpenAPI document, relative to the folder.
    pub document: String,
    /// Folder or file that the generator writes, relative to the folder.
    pub output: String,
    /// Name of the generator's program.
    pub program: &'static str,
    /// Arguments of the program.
    pub arguments: Vec<String>,
    /// Command that installs the program in the version whose output was compiled.
    pub install: &'static str,
}

/// Error: the generator is not installed on this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{program} is not installed")]
pub struct NotInstalled {
    /// Name of the program.
    pub program: &'static str,
    /// Command that installs the program.
    pub install: &'static str,
}

impl Recipe {
    /// Returns the recipe for `generator` to read `document` and write `output`. Both paths are relative to
    /// the folder and use `/`.
    pub fn new(generator: Generator, document: &str, output: &str) -> Self {
        let (document, mut output) = (relative(document), relative(output));
        if generator == Generator::OpenapiTypescript {
            output.push_str("/schema.ts");
        }
        let node = |name, template: &str, program, arguments: &[&str], install| Self {
            config: Some((name, fill(template, &document, &output))),
            document: document.clone(),
            output: output.clone(),
            program,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            install,
        };
        match generator {
            Generator::HeyApi => node(
                "openapi-ts.config.mjs",
                include_str!("configs/openapi-ts.config.mjs"),
                "openapi-ts",
                &["--file", "openapi-ts.config.mjs"],
                "npm install --save-dev @hey-api/openapi-ts@0.95.0 typescript@5.9.3",
            ),
            Generator::OpenapiTypescript => node(
                "redocly.yaml",
                include_str!("configs/redocly.yaml"),
                "openapi-typescript",
                &["--redocly", "redocly.yaml"],
                "npm install --save-dev openapi-typescript@7.13.0 typescript@5.9.3 && npm install openapi-fetch@0.17.0",
            ),
            Generator::Orval => node(
                "orval.config.cjs",
                include_str!("configs/orval.config.cjs"),
                "orval",
                &["--config", "orval.config.cjs"],
                "npm install --save-dev orval@7.13.2 typescript@5.9.3",
            ),
            Generator::Kubb => node(
                "kubb.config.mjs",
                include_str!("configs/kubb.config.mjs"),
                "kubb",
                &["generate", "--config", "kubb.config.mjs"],
                "npm install --save-dev @kubb/cli@4.39.0 @kubb/core@4.39.0 @kubb/plugin-oas@4.39.0 @kubb/plugin-ts@4.39.0 \
                 @kubb/plugin-client@4.39.0 typescript@5.9.3",
            ),
            Generator::OpenapiGenerator(language) => openapi_generator(language, &document, &output),
            Generator::Progenitor => progenitor(&document, &output),
        }
    }

    /// Returns the command, to be run in `folder`. Looks for the program in `node_modules/.bin` of the folder
    /// and the folders above, then in `path`, which has the form of the environment variable `PATH`.
    ///
    /// # Errors
    ///
    /// Returns [`NotInstalled`] if the program is in none of these places.
    pub fn command(&self, folder: &Path, path: &OsStr) -> Result<Command, NotInstalled> {
        let of_npm = folder.ancestors().map(|folder| folder.join("node_modules/.bin"));
        let program = of_npm.chain(env::split_paths(path)).find_map(|folder| program(&folder, self.program));
        let program = program.ok_or(NotInstalled { program: self.program, install: self.install })?;
        let mut command = Command::new(program);
        command.args(&self.arguments).current_dir(folder).env("PATH", path);
        Ok(command)
    }
}

fn program(folder: &Path, name: &str) -> Option<PathBuf> {
    let names = if cfg!(windows) { vec![format!("{name}.exe"), format!("{name}.cmd")] } else { vec![name.to_owned()] };
    names.into_iter().map(|name| folder.join(name)).find(|file| file.is_file())
}

/// Adds `./` to a path that begins with a word, because some tools take such a path for an address on the
/// web.
fn relative(path: &str) -> String {
    match path.starts_with(['.', '/']) {
        true => path.to_owned(),
        false => format!("./{path}"),
    }
}

/// Fills in the paths, quoted as JSON, which is also valid JavaScript and YAML.
fn fill(template: &str, document: &str, output: &str) -> String {
    template.replace("$DOCUMENT", &json!(document).to_string()).replace("$OUTPUT", &json!(output).to_string())
}

fn openapi_generator(language: Language, document: &str, output: &str) -> Recipe {
    let (file, name, properties) = match language {
        Language::TypescriptFetch => ("openapi-generator.typescript-fetch.json", "typescript-fetch", json!({})),
        Language::TypescriptAxios => ("openapi-generator.typescript-axios.json", "typescript-axios", json!({})),
        Language::TypescriptAngular => ("openapi-generator.typescript-angular.json", "typescript-angular", json!({})),
        Language::Rust => ("openapi-generator.rust.json", "rust", json!({ "packageName": "client" })),
        // Without the prefix two enums of the package could have constants of the same name.
        Language::Go => (
            "openapi-generator.go.json",
            "go",
            json!({ "packageName": "client", "enumClassPrefix": true, "withGoMod": false }),
        ),
        Language::Python => ("openapi-generator.python.json", "python", json!({ "packageName": "client" })),
    };
    let config = json!({
        "generatorName": name,
        "inputSpec": document,
        "outputDir": output,
        "additionalProperties": properties,
        "modelNameMappings": model_names(language),
        "globalProperties": { "apiDocs": "false", "apiTests": "false", "modelDocs": "false", "modelTests": "false" },
    });
    Recipe {
        config: Some((file, format!("{config:#}\n"))),
        document: document.to_owned(),
        output: output.to_owned(),
        program: "openapi-generator-cli",
        arguments: ["generate", "--config", file].map(str::to_owned).into(),
        install: "pip install openapi-generator-cli==7.26.0 (needs Java 11 or later)",
    }
}

/// Maps each type name that the language's generated runtime or its templates use to another name. Without the mapping the
/// client of a document with such a type does not compile.
fn model_names(language: Language) -> BTreeMap<&'static str, String> {
    let taken: &[&str] = match language {
        Language::TypescriptFetch => {
            &["Array", "Consume", "FetchError", "HttpFile", "Json", "Promise", "ResponseError", "Set"]
        }
        Language::TypescriptAxios => &["Array", "Configuration", "Promise", "Set"],
        Language::TypescriptAngular => &[
            "ApiModule",
            "Array",
            "Configuration",
            "DataFormat",
            "DataType",
            "HttpClient",
            "HttpContext",
            "HttpEvent",
            "HttpParams",
            "HttpResponse",
            "Inject",
            "Injectable",
            "Models",
            "Observable",
            "Optional",
            "Param",
            "ParamLocation",
            "ParamStyle",
            "QueryParamStyle",
            "Set",
        ],
        Language::Rust => &[],
        Language::Go => &[
            "APIClient",
            "APIKey",
            "APIResponse",
            "BasicAuth",
            "Bool",
            "Configuration",
            "Float32",
            "Float64",
            "GenericOpenAPIError",
            "Int",
            "Int32",
            "Int64",
            "MappedNullable",
            "ServerConfiguration",
            "ServerVariable",
            "String",
            "Time",
        ],
        Language::Python => {
            &["Annotated", "Any", "BaseModel", "Date", "Field", "File", "Optional", "StrictBool", "StrictStr", "Union"]
        }
    };
    taken.iter().map(|&name| (name, format!("{name}Model"))).collect()
}

fn progenitor(document: &str, output: &str) -> Recipe {
    let arguments = ["progenitor", "--input", document, "--output", output, "--name", "client", "--version", "0.1.0"];
    // With `--include-client true` the generated crate fails to compile: "cannot find module or crate
    // `progenitor_client`".
    let interface = ["--interface", "builder", "--include-client", "false"];
    Recipe {
        config: None,
        document: document.to_owned(),
        output: output.to_owned(),
        program: "cargo-progenitor",
        arguments: arguments.into_iter().chain(interface).map(str::to_owned).collect(),
        install: "cargo install cargo-progenitor@0.15.1",
    }
}

#[cfg(test)]
mod tests {
    use super::super::NAMES;
    use super::*;

    #[test]
    fn every_recipe_names_its_document_and_where_its_output_goes() {
        for (_, generator) in NAMES {
            let Recipe { config, arguments, .. } = Recipe::new(generator, "api \"it\".json", "src/client");
            let text = config.map(|(_, text)| text).unwrap_or_default() + &arguments.join(" ");
            assert!(text.contains("./api ") && text.contains("./src/client"), "{text}");
            assert!(!text.contains("$DOCUMENT") && !text.contains("$OUTPUT"), "{text}");
        }
    }

    #[test]
    fn a_program_is_found_in_the_packages_above_or_in_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let recipe = Recipe::new(Generator::Orval, "a.json", "b");
        let below = folder.path().join("web/app");
        std::fs::create_dir_all(&below).unwrap();
        let missing = recipe.command(&below, OsStr::new("")).unwrap_err();
        assert_eq!(missing.install, "npm install --save-dev orval@7.13.2 typescript@5.9.3");
        let bin = folder.path().join("node_modules/.bin");
        std::fs::create_dir_all(&bin).unwrap();
        std::fs::write(bin.join(if cfg!(windows) { "orval.cmd" } else { "orval" }), "").unwrap();
        assert!(recipe.command(&below, OsStr::new("")).is_ok());
        assert!(recipe.command(Path::new("/"), bin.as_os_str()).is_ok());
    }
}
