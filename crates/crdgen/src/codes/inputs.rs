//! Codes about files that are read.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Inputs",
    entries: &[
        Entry {
            code: "input::cluster",
            title: "A cluster cannot be read",
            cause: "`kubectl` is not installed, the kubeconfig has no such context, the API server does not answer, or you may \
                    not list the CRDs or the objects of a kind.",
            help: "Try the command that crdgen runs: `kubectl get crds`, with `--context` if you name one.",
        },
        Entry {
            code: "input::git",
            title: "Files of a git revision cannot be read",
            cause: "`git` is not installed, the folder is not in a git repository, or the repository does not have the revision, \
                    a tag, or a file at the path. Clones of CI jobs often have one commit and no tags.",
            help: "Fetch the revision, the tags or the whole history: `git fetch --unshallow --tags`. In GitHub Actions, set \
                   `fetch-depth: 0` for `actions/checkout`.",
        },
        Entry {
            code: "input::working-directory",
            title: "The working directory cannot be determined",
            cause: "The operating system does not say in which folder the command runs. The folder was removed, or the \
                    user may not read a folder above it.",
            help: "Change into a folder that exists, and run the command again.",
        },
        Entry {
            code: "source::duplicate-key",
            title: "A mapping has the same key twice",
            cause: "YAML and JSON allow one value for each key. `kubectl` uses the last one and ignores the others, and \
                    so does crdgen.",
            help: "Remove all but one of the keys. The help names the line of the first one.",
        },
        Entry {
            code: "source::empty-folder",
            title: "A folder has no YAML or JSON file",
            cause: "An input is a folder, and no file in it or below it ends in `.yaml`, `.yml` or `.json`. Hidden files \
                    and folders are not read.",
            help: "Name the folder or the files that have the CRDs. `-` reads standard input.",
        },
        Entry {
            code: "source::encoding",
            title: "A file is not UTF-8 text",
            cause: "crdgen reads UTF-8, and UTF-16 that begins with a byte order mark. This file is neither.",
            help: "Convert the file to UTF-8.",
        },
        Entry {
            code: "source::glob",
            title: "A glob pattern is malformed",
            cause: "An input with `*`, `?` or `[` is read as a glob pattern, and this one breaks the rules of patterns: \
                    for example, a bracket has no end.",
            help: "Correct the pattern. To read a file whose name contains one of these characters, name its folder \
                   instead.",
        },
        Entry {
            code: "source::json",
            title: "A file is not valid JSON",
            cause: "The file looks like JSON, and the parser refuses it at the place that the message names.",
            help: "Correct the file at this place.",
        },
        Entry {
            code: "source::missing",
            title: "An input does not exist",
            cause: "No file or folder has the name of an input. Inputs on the command line are relative to the working \
                    directory; inputs in `crdgen.toml` are relative to the folder of that file.",
            help: "Correct the path. If a similar name exists, the help shows it.",
        },
        Entry {
            code: "source::no-crd",
            title: "The inputs have no CustomResourceDefinition",
            cause: "The files could be read, and no object in them has the kind `CustomResourceDefinition`. The \
                    diagnostic is a warning if only some of the files have no CRD.",
            help: "Name the files from which `kubectl apply` creates the CRDs, or save the CRD of a cluster with \
                   `kubectl get crd NAME -o yaml`.",
        },
        Entry {
            code: "source::no-match",
            title: "No file matches a glob pattern",
            cause: "The pattern is well formed, and no file has a name that matches it.",
            help: "Correct the pattern. A pattern on the command line is relative to the working directory; a pattern \
                   in `crdgen.toml` is relative to the folder of that file.",
        },
        Entry {
            code: "source::private-key",
            title: "A key of an object is reserved by the JSON library",
            cause: "The key is one that serde_json, the JSON library of Rust, uses to mark numbers or raw JSON. Objects \
                    with this key would be read as something else.",
            help: "Use another name for the key.",
        },
        Entry {
            code: "source::template",
            title: "A file is a template that was not rendered",
            cause: "The file is not valid YAML, and it has `{{`, as Helm charts and Go templates do. The diagnostic is a \
                    warning if an input is a folder and its file does not mention CRDs. Otherwise it is an error.",
            help: "Render the template first, for example with `helm template CHART --include-crds`, and pipe the result \
                   into `crdgen generate -`.",
        },
        Entry {
            code: "source::too-large",
            title: "A file is larger than crdgen reads",
            cause: "The size of each file is limited, so that a wrong or hostile input cannot use up the memory. The \
                    message has the limit.",
            help: "Split the file. The limit applies to each file separately.",
        },
        Entry {
            code: "source::too-many",
            title: "Too many documents of a file cannot be read",
            cause: "The file has very many documents with errors. The first errors were reported, and the rest of the file \
                    was not read.",
            help: "Correct the errors that are shown. The file may not be YAML at all.",
        },
        Entry {
            code: "source::unreadable",
            title: "A file or folder cannot be read",
            cause: "The operating system refused to open or read an input. The message has its reason, for example that \
                    the permission is missing.",
            help: "Give the user the right to read the file, or leave the file out of the inputs.",
        },
        Entry {
            code: "source::url",
            title: "An input is a URL",
            cause: "Inputs are files and folders. crdgen does not fetch anything, so that its output does not depend on \
                    the network.",
            help: "Fetch the file yourself: `curl -sfL URL | crdgen generate -`. Better still, commit a copy of the CRD.",
        },
        Entry {
            code: "source::yaml",
            title: "A file is not valid YAML",
            cause: "The text is not YAML as `kubectl` reads it: its syntax is wrong, an alias has no anchor, or a key is a \
                    list or a mapping. The message has the place.",
            help: "Look at the indentation, brackets and quotes of this line and of the line above.",
        },
    ],
};
