//! What stands in an operator's command and was made by somebody else: line 38.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

use super::report::Trial;
use super::{NotRun, Target, TrialResult};

pub(super) const MAKEFILE: &str = include_str!("../../../Makefile");
/// Each makes the file `ran`, if make or a shell runs what stands in it.
const VALUES: [&str; 4] = [
    "$(shell touch ran)",
    "`touch ran`",
    "$(touch ran)",
    "'; touch ran; '",
];

/// A folder with a Makefile whose commands do nothing; it is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(makefile: &str) -> io::Result<Self> {
        static NUMBERS: AtomicU32 = AtomicU32::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let folder = Self(env::temp_dir().join(format!("make-{}-{number}", process::id())));
        for name in ["infra", ".tools/bin"] {
            fs::create_dir_all(folder.0.join(name))?;
        }
        fs::write(folder.0.join("Makefile"), makefile)?;
        fs::write(folder.0.join("infra/requirements.txt"), "")?;
        std::os::unix::fs::symlink("/bin/true", folder.0.join(".tools/bin/python"))?;
        // After what it is made of, so that nothing is installed.
        fs::write(folder.0.join(".tools/.installed"), "")?;
        Ok(folder)
    }

    fn make(&self, value: &str, by_environment: bool) -> io::Result<bool> {
        let mut make = Command::new("make");
        make.args(["--silent", "off"]).current_dir(&self.0);
        if by_environment {
            make.env("STACK", value);
        } else {
            make.arg(format!("STACK={value}"));
        }
        Ok(make.status()?.success())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) async fn values(target: &Target) -> TrialResult {
    let mut trial = Trial::of("names of stacks that are commands to make or to a shell");
    let in_process = target.in_process().ok_or_else(NotRun::out_of_reach)?;
    let failed = |error: io::Error| NotRun::because(error.to_string());
    let folder = Folder::new(&in_process.makefile).map_err(failed)?;
    for value in VALUES {
        for by_environment in [false, true] {
            let did = folder.make(value, by_environment).map_err(failed)?;
            let ran = Path::exists(&folder.path("ran"));
            trial.require(did && !ran, || format!("{value} was run"));
            if ran {
                fs::remove_file(folder.path("ran")).map_err(failed)?;
            }
        }
    }
    Ok(trial.finish("each reaches its command as it is"))
}
