//! Codes about `crdgen.toml`, and about kinds, versions and paths that are asked for.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Settings and selection",
    entries: &[
        Entry {
            code: "api::kind",
            title: "[[api.kind]] names a kind that is not generated",
            cause: "No CRD of the inputs has this kind, or the kind was not selected.",
            help: "Write `Kind` or `Kind.group` as it stands in the CRD. The help shows similar names.",
        },
        Entry {
            code: "config::axum-needs-rust",
            title: "[axum] stands without [rust]",
            cause: "The axum API uses the generated Rust types, and no folder is named for them.",
            help: "Add `[rust]` with its `dir`.",
        },
        Entry {
            code: "config::invalid",
            title: "The config file is malformed",
            cause: "`crdgen.toml` is not valid TOML, or a key is unknown, or a value has the wrong type. The message has \
                    the place and what is expected there.",
            help: "Correct the file. Editors check it with the JSON Schema that `crdgen schema config` prints.",
        },
        Entry {
            code: "config::lint",
            title: "`[lint]` names a rule that does not exist",
            cause: "A key of `[lint]` is neither the id of a rule nor `all`.",
            help: "Correct the id. `crdgen explain` lists the rules; their codes are `lint::` and the id.",
        },
        Entry {
            code: "config::oidc",
            title: "The OpenID provider is not known, or is not used",
            cause: "`security` in `[openapi]` has `oidc`, and `oidc-discovery` is missing. Or `oidc-discovery` is there, and \
                    `security` does not have `oidc`.",
            help: "Write both keys or neither. The URL ends in `/.well-known/openid-configuration`.",
        },
        Entry {
            code: "config::outside",
            title: "An output lies outside of the folder of the config file",
            cause: "A config file may write only into its own folder and below it, so that running crdgen in a repository \
                    of somebody else changes no other file.",
            help: "Move `crdgen.toml` into a folder that contains the output, or name the output on the command line.",
        },
        Entry {
            code: "config::override",
            title: "An override changes nothing, or contradicts itself",
            cause: "An entry of `[[rust.override]]` has only a `path`, or it has `skip = true` beside another change.",
            help: "Beside `path`, write either `skip = true` or some of `name`, `field`, `extern`, `derive`, `attributes` \
                   and `unions`.",
        },
        Entry {
            code: "config::unreadable",
            title: "The config file cannot be read",
            cause: "The file that `--config` names does not exist, or the operating system refuses to read it.",
            help: "Correct the path. Without `--config`, `crdgen.toml` is looked for in the working directory and above.",
        },
        Entry {
            code: "config::url",
            title: "An address in [openapi] is not a URL",
            cause: "The `url` of a server is a URL or a path that begins with `/`. The value of `oidc-discovery` is a URL.",
            help: "Begin the address with `https://` or `http://`.",
        },
        Entry {
            code: "config::version",
            title: "The config file has no version, or an unknown one",
            cause: "`version` is the version of the file format. This crdgen reads version 1.",
            help: "Write `version = 1` in the first line. If the file is of a newer crdgen, use that crdgen.",
        },
        Entry {
            code: "lock::unreadable",
            title: "The lock file cannot be read",
            cause: "`crdgen.lock` is not valid. The usual cause is a merge conflict that was not resolved.",
            help: "Take the file from either side of the merge, and run `crdgen generate`. Do not delete the file: it keeps \
                   the names of your types.",
        },
        Entry {
            code: "lock::version",
            title: "The lock file is of another version of crdgen",
            cause: "The format of `crdgen.lock` has a version, and this crdgen does not read that version.",
            help: "Use the crdgen that wrote the file, or a newer one.",
        },
        Entry {
            code: "override::field",
            title: "Two fields of a struct would have the same name",
            cause: "`field` of an override gives a field the name of another field of the same struct.",
            help: "Choose another name.",
        },
        Entry {
            code: "override::idle",
            title: "An override has no effect",
            cause: "No property matches the `path` of the override. The path is misspelled, or an update of the CRD removed \
                    the property.",
            help: "Correct or remove the override. `crdgen paths` lists every path.",
        },
        Entry {
            code: "override::kind",
            title: "An override of a kind has a key that is only for properties",
            cause: "`field` renames a property, and `extern` replaces the type of a property. The path names a kind.",
            help: "To rename the type of a kind, write `name`.",
        },
        Entry {
            code: "override::name",
            title: "A type cannot be renamed as asked",
            cause: "The name is not a valid type name, another type has it, or two overrides name the same type \
                    differently.",
            help: "Choose another name. A type name has ASCII letters and digits, and begins with a capital.",
        },
        Entry {
            code: "override::no-type",
            title: "No type stands at the path of an override",
            cause: "`name`, `derive` and `unions` change a generated type, and the path leads to a value without a type of \
                    its own, such as a string or a list of strings.",
            help: "Correct the path. `crdgen paths` prints the type of each path.",
        },
        Entry {
            code: "paths::kind",
            title: "crdgen paths is asked for an unknown kind",
            cause: "No kind and no view has the name that `--kind` gives.",
            help: "Correct the name. The help shows similar ones.",
        },
        Entry {
            code: "paths::path",
            title: "crdgen paths is asked for an unknown path",
            cause: "No path matches the pattern that `--path` gives. `*` is one property, `**` is any number of properties.",
            help: "Correct the pattern, or leave it out to see all paths.",
        },
        Entry {
            code: "select::kind",
            title: "A selected kind does not exist",
            cause: "`kinds` or `--kinds` names a kind that no CRD of the inputs has.",
            help: "Write `Kind` or `Kind.group`. The help lists the kinds that exist.",
        },
        Entry {
            code: "select::left-out",
            title: "A CRD is left out",
            cause: "None of its versions is selected: `versions` asks for served versions, for the stored version or for \
                    some names, and the CRD has none of them.",
            help: "If the CRD is needed, choose other versions, for example `versions = \"all\"`.",
        },
        Entry {
            code: "select::nothing",
            title: "No version of any CRD is selected",
            cause: "CRDs were read, and `versions` excludes all of their versions. A version with `served: false` is not \
                    selected by default.",
            help: "Choose other versions: `versions = \"all\"` in `crdgen.toml`, or `--versions all`.",
        },
        Entry {
            code: "select::version",
            title: "A selected version does not exist",
            cause: "`versions` or `--versions` names a version that none of the selected CRDs has.",
            help: "Correct the name. The help lists the versions that exist.",
        },
        Entry {
            code: "typescript::column",
            title: "A printer column is missing in columns.ts",
            cause: "The JSON path of the column uses syntax that generated TypeScript cannot follow, such as recursive \
                    descent or a slice. All other code has the column or does not need it.",
            help: "Nothing has to be done. To have the column, use fields, `[0]`, `[*]` and `[?(@.field==\"value\")]` in \
                   its path.",
        },
        Entry {
            code: "view::field",
            title: "A view names a field that does not exist",
            cause: "An entry of `fields` leads to no declared property of the kind.",
            help: "Correct the path, for example `metadata.name` or `spec.size`. The help shows similar ones.",
        },
        Entry {
            code: "view::kind",
            title: "A view names an unknown or ambiguous kind",
            cause: "No generated kind has the name, or kinds of several groups have it.",
            help: "Write `Kind`, or `Kind.group` if several groups have the kind.",
        },
        Entry {
            code: "view::name",
            title: "The name of a view is not possible",
            cause: "The name is not a valid type name, another type has it, or the view has no fields.",
            help: "Choose another name, and list at least one field.",
        },
        Entry {
            code: "view::plural",
            title: "The plural of a view is not possible",
            cause: "The plural is the segment of the view's routes. It has a letter that segments do not have, or a kind or \
                    another view of the group has it. Without `plural`, it is made from the name.",
            help: "Give the view a `plural` of its own, of lower-case letters, digits and `-`.",
        },
    ],
};
