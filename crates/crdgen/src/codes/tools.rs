//! Codes of single subcommands and of build scripts.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Subcommands and build scripts",
    entries: &[
        Entry {
            code: "build::no-inputs",
            title: "A build script names no CRDs",
            cause: "`crdgen_build::configure()` was compiled without `crds` and without `config`.",
            help: "Call `.crds(\"crds/\")`, or `.config(\"crdgen.toml\")` for a file that has `inputs`.",
        },
        Entry {
            code: "build::out-dir",
            title: "A build script does not know where to write",
            cause: "Cargo sets the variable `OUT_DIR` for build scripts. The code was not called from one.",
            help: "Call the code from `build.rs`, or name a folder with `out_dir`.",
        },
        Entry {
            code: "build::standard-input",
            title: "A build script is asked to read standard input",
            cause: "An input is `-`, and a build script has no standard input.",
            help: "Name files or folders.",
        },
        Entry {
            code: "build::usage",
            title: "The settings of a build script are incomplete",
            cause: "The settings of the builder and of its config file together are incomplete: for example, there are \
                    no inputs. The message says what is missing.",
            help: "Do what the message says.",
        },
        Entry {
            code: "client::config",
            title: "The config of a client generator does not contain the path that a flag names",
            cause: "The config file exists, and it does not have the path that `--out` or `--openapi` names. The config \
                    decides, so the flag would have no effect.",
            help: "Write the path into the config, or leave the flag out.",
        },
        Entry {
            code: "client::failed",
            title: "A client generator failed",
            cause: "The generator ran and ended with an error. Its own messages stand above.",
            help: "Correct what the generator reports.",
        },
        Entry {
            code: "client::no-document",
            title: "There is no OpenAPI document for a client generator",
            cause: "`--openapi` is absent, and `crdgen.toml` has no `[openapi]`.",
            help: "Name the document with `--openapi FILE`, or add `[openapi]` to `crdgen.toml`.",
        },
        Entry {
            code: "client::not-installed",
            title: "A client generator is not installed",
            cause: "The program was found neither in the project nor in `PATH`. crdgen does not install programs.",
            help: "Install it. The help has the command.",
        },
        Entry {
            code: "client::profile",
            title: "progenitor cannot read the OpenAPI document",
            cause: "progenitor knows JSON only by the media type `application/json`, and the document also uses others, \
                    for patches and problems.",
            help: "Write `profile = \"progenitor\"` into `[openapi]`, and generate again.",
        },
        Entry {
            code: "client::unreadable",
            title: "The OpenAPI document for a client generator cannot be read",
            cause: "The document does not exist, or the operating system refuses to read it.",
            help: "Run `crdgen generate`, which writes the document.",
        },
        Entry {
            code: "client::unstarted",
            title: "A client generator cannot be started",
            cause: "The program was found, and the operating system refuses to run it. The message has the reason.",
            help: "Check that the program is executable and that its interpreter is installed.",
        },
        Entry {
            code: "init::unwritable",
            title: "crdgen init cannot write a file",
            cause: "The file exists, and `crdgen init` replaces none, or the folder is not writable.",
            help: "Edit the existing file, or move it away.",
        },
        Entry {
            code: "man::unwritable",
            title: "crdgen man cannot write the manual pages",
            cause: "The operating system refuses to create the folder or a file in it. The message has the reason.",
            help: "Choose a folder that is writable.",
        },
        Entry {
            code: "new::exists",
            title: "crdgen new would replace a file",
            cause: "The folder of the new project has a file of the same name. No file was written.",
            help: "Name a new folder. In a project that exists, `crdgen init` writes a `crdgen.toml`.",
        },
        Entry {
            code: "new::no-kind",
            title: "crdgen new has no kind to make a service for",
            cause: "The CRDs have no version with `served: true`.",
            help: "Set `served: true` in a version of a CRD.",
        },
        Entry {
            code: "new::runtime",
            title: "The folder of the runtime is not a checkout of crdgen",
            cause: "`--runtime` names a folder that does not have `crates/crdgen-runtime`.",
            help: "Name the folder of a checkout, or leave `--runtime` out to use the published crate.",
        },
        Entry {
            code: "new::unwritable",
            title: "crdgen new cannot write the project",
            cause: "The operating system refuses to write. The message has its reason. Files that were already written are \
                    removed again.",
            help: "Choose a folder that is writable.",
        },
        Entry {
            code: "watch::exec",
            title: "The command of crdgen watch failed",
            cause: "The command of `--exec` could not be run, or it ended with an error. `crdgen watch` goes on.",
            help: "Correct what the command reports. The next change of an input runs it again.",
        },
    ],
};
