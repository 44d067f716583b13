//! Limits of the attacked process: memory, and file descriptors where an attack asks for it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Memory that the service may use, in bytes.
pub const MEMORY: u64 = 512 << 20;

/// Root of the control groups (v2), and of the memory controller (v1).
const SECOND: &str = "/sys/fs/cgroup";
const FIRST: &str = "/sys/fs/cgroup/memory";

/// A way to limit the memory of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// `memory.max` of a control group (v2).
    CgroupV2,
    /// `memory.limit_in_bytes` of a control group (v1).
    CgroupV1,
    /// `RLIMIT_AS`. Address space is larger than memory: glibc reserves 64 MB of it for the heap of each
    /// thread, so `MALLOC_ARENA_MAX=1` is set too.
    AddressSpace,
}

impl Limit {
    /// Returns the most exact limit that this machine allows.
    pub fn find() -> Self {
        let works = |limit: &Self| Group::make(*limit).is_ok();
        [Self::CgroupV2, Self::CgroupV1].into_iter().find(works).unwrap_or(Self::AddressSpace)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::CgroupV2 => "memory.max of a control group (v2)",
            Self::CgroupV1 => "memory.limit_in_bytes of a control group (v1)",
            Self::AddressSpace => "the address space (ulimit -v), with MALLOC_ARENA_MAX=1",
        }
    }

    /// Returns the command that runs `program` within this limit, with at most `descriptors` file
    /// descriptors. The group must be kept for as long as the program runs.
    pub fn command(self, program: &Path, descriptors: Option<u32>) -> Result<(Command, Option<Group>)> {
        let group = if self == Self::AddressSpace { None } else { Some(Group::make(self)?) };
        let mut script = String::from("set -e; ");
        script += &match &group {
            Some(group) => format!("echo $$ > {}; ", group.folder.join("cgroup.procs").display()),
            None => format!("ulimit -v {}; ", MEMORY / 1024),
        };
        if let Some(descriptors) = descriptors {
            script += &format!("ulimit -n {descriptors}; ");
        }
        script += "exec \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh"]).arg(program);
        if group.is_none() {
            command.env("MALLOC_ARENA_MAX", "1");
        }
        Ok((command, group))
    }
}

/// A control group with the limit. Dropping it removes the group if its process has ended.
#[derive(Debug)]
pub struct Group {
    folder: PathBuf,
}

impl Group {
    fn make(limit: Limit) -> Result<Self> {
        let (root, file) = match limit {
            Limit::CgroupV1 => (FIRST, "memory.limit_in_bytes"),
            _ => (SECOND, "memory.max"),
        };
        let folder = Path::new(root).join(format!("crdgen-attack-{}", std::process::id()));
        if !folder.exists() {
            fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let group = Self { folder };
        // Without the memory controller this file does not exist and cannot be created.
        let mut file = File::options().write(true).open(group.folder.join(file))?;
        file.write_all(MEMORY.to_string().as_bytes())?;
        group.forbid_swap();
        Ok(group)
    }

    /// Forbids swap where the kernel allows that. A kernel without swap accounting has no such file, and test
    /// machines have no swap.
    fn forbid_swap(&self) {
        for file in ["memory.swap.max", "memory.swappiness"] {
            _ = File::options().write(true).open(self.folder.join(file)).and_then(|mut file| file.write_all(b"0"));
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        _ = fs::remove_dir(&self.folder);
    }
}
