//! Codes about files that are written.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Outputs",
    entries: &[
        Entry {
            code: "check::differs",
            title: "A generated file is out of date",
            cause: "`crdgen generate --check` found a file that `crdgen generate` would change. The inputs, the config, the \
                    lock or the version of crdgen changed since the file was generated.",
            help: "Run `crdgen generate`, and commit the files.",
        },
        Entry {
            code: "check::interrupted",
            title: "An earlier run was stopped before it had written all files",
            cause: "`[pending]` in `crdgen.lock` names the files that the run had not written.",
            help: "Run `crdgen generate`.",
        },
        Entry {
            code: "check::missing",
            title: "A generated file is missing",
            cause: "`crdgen generate --check` found no file at a path that `crdgen generate` would write.",
            help: "Run `crdgen generate`, and commit the files.",
        },
        Entry {
            code: "check::stale",
            title: "A file is no longer generated",
            cause: "An earlier run generated the file, and the CRDs and the config do not produce it any more.",
            help: "Run `crdgen generate`, which removes the file.",
        },
        Entry {
            code: "output::collision",
            title: "Two targets write the same file",
            cause: "The folders of two targets overlap, so that one file would be written twice.",
            help: "Give each target its own folder.",
        },
        Entry {
            code: "output::edited",
            title: "A generated file was edited",
            cause: "The content of the file is not what crdgen wrote, according to `crdgen.lock`. A change of its layout, as \
                    formatters make it, is not an edit. No file was written.",
            help: "Move your code into a file of its own. Then write the generated file again with `--force`.",
        },
        Entry {
            code: "output::folder",
            title: "A folder is where a file must be written, or a file where a folder is needed",
            cause: "Something else stands at the path of a generated file, and crdgen does not remove it. No file was \
                    written.",
            help: "Move it away, or choose another folder for the target.",
        },
        Entry {
            code: "output::foreign",
            title: "A file that crdgen did not generate is in the way",
            cause: "A generated file would replace a file that is not in `crdgen.lock` and has no mark of crdgen. No file \
                    was written.",
            help: "Choose another folder, move the file away, or replace it with `--force`. A build script chooses another \
                   `out_dir` or `file_name`.",
        },
        Entry {
            code: "output::link",
            title: "A symbolic link is in the way",
            cause: "A generated file would replace a symbolic link, or be written through one that may lead out of the \
                    folder of its target or out of the project. No file was written.",
            help: "Choose another folder. To write into the folder that a link leads to, name that folder on the command \
                   line.",
        },
        Entry {
            code: "output::not-ours",
            title: "The lock names a file that crdgen did not write",
            cause: "`crdgen.lock` has an entry for a file that is no longer generated. The file has no mark of crdgen, so \
                    it stays, and its entry is removed.",
            help: "Nothing has to be done. Remove the file yourself if it is not needed.",
        },
        Entry {
            code: "output::race",
            title: "Another crdgen wrote at the same time",
            cause: "Another run wrote into the same folder while this run was preparing its files.",
            help: "Run the command again.",
        },
        Entry {
            code: "output::special",
            title: "A pipe, socket or device is where a file must be written",
            cause: "The path of a generated file is not a regular file. No file was written.",
            help: "Move it away, or choose another folder.",
        },
        Entry {
            code: "output::unreadable",
            title: "An existing file cannot be read",
            cause: "crdgen reads a file before it replaces or removes it, and the operating system refuses.",
            help: "Give the user the right to read the file, or choose another folder.",
        },
        Entry {
            code: "output::write",
            title: "A file cannot be written",
            cause: "The operating system refuses to write a file, to create a folder or to remove a file. The message has \
                    its reason. The help says how many files were changed before.",
            help: "Remove the cause, for example a full disk or a missing permission, and run the same command again: \
                   it writes the remaining files.",
        },
    ],
};
