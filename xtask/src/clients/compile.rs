//! Compilers for the output of generators, with the required packages in locked versions.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use crdgen_harness::{check, process, workspace};

use super::toolbox::Toolbox;

/// Runs `tsc --strict` on the folder `client`. Packages come from the folders above.
pub fn typescript(folder: &Path, toolbox: &Toolbox) -> Result<Vec<String>> {
    workspace::write(&folder.join("tsconfig.json"), TSCONFIG)?;
    let client = folder.join("client");
    if client.join("schema.ts").exists() {
        // openapi-typescript generates types alone, which openapi-fetch uses.
        workspace::write(&client.join("client.ts"), OPENAPI_FETCH)?;
    }
    let output = process::capture(toolbox.of_npm("tsc").args(["--pretty", "false"]).current_dir(folder))?;
    let text = process::text(&output);
    let errors: Vec<_> = text.lines().filter(|line| line.contains("error TS")).map(str::to_owned).collect();
    Ok(if errors.is_empty() && !output.status.success() { vec![text] } else { errors })
}

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "target": "es2022",
    "lib": ["es2022", "dom", "dom.iterable"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "experimentalDecorators": true,
    "skipLibCheck": true,
    "types": ["node"]
  },
  "include": ["client/**/*.ts"]
}
"#;

const OPENAPI_FETCH: &str = "import createClient from 'openapi-fetch';\nimport type { paths } from './schema';\n\n\
                             export const client = createClient<paths>({ baseUrl: '/' });\n";

/// Runs `cargo check` with the manifest and lock of `xtask/clients/rust`. Only the source is generated.
pub fn rust(package: &str, made: &Path, toolbox: &Toolbox) -> Result<Vec<String>> {
    let packages = toolbox.rust()?;
    let source = packages.join(package).join("src");
    let mut files = std::collections::BTreeMap::new();
    for file in workspace::files(&made.join("src"), "rs")? {
        let name = file.strip_prefix(made.join("src"))?.to_string_lossy().replace('\\', "/");
        files.insert(name, fs::read_to_string(&file)?);
    }
    workspace::mirror(&source, &files)?;
    let mut command = process::cargo();
    command.args(["check", "--locked", "--package", &format!("client-{package}"), "--target-dir"]);
    command.arg(packages.join("target")).current_dir(&packages);
    Ok(check::cargo_check(&mut command)?.into_values().flatten().collect())
}

/// Runs `go vet` with the modules of `xtask/clients/go`.
pub fn go(made: &Path) -> Result<Vec<String>> {
    for file in ["go.mod", "go.sum"] {
        let from = workspace::root().join("xtask/clients/go").join(file);
        fs::copy(&from, made.join(file)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    let output = process::capture(Command::new("go").args(["vet", "-mod=readonly", "./..."]).current_dir(made))?;
    Ok(failure(&output))
}

/// Runs `python -m compileall` and imports every module.
pub fn python(made: &Path, toolbox: &Toolbox) -> Result<Vec<String>> {
    let run = |arguments: &[&str]| process::capture(toolbox.python().args(arguments).current_dir(made));
    let mut errors = failure(&run(&["-m", "compileall", "-q", "client"])?);
    errors.extend(failure(&run(&["-c", IMPORT_ALL])?));
    Ok(errors)
}

const IMPORT_ALL: &str = "import client, importlib, pkgutil\n\
                          for module in pkgutil.walk_packages(client.__path__, 'client.'):\n    \
                          importlib.import_module(module.name)\n";

fn failure(output: &std::process::Output) -> Vec<String> {
    match output.status.success() {
        true => Vec::new(),
        false => process::text(output).lines().map(str::to_owned).collect(),
    }
}
