//! Lists the message catalogues, so that a language is added by adding its file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FOLDER: &str = "locales";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut list = String::from("&[\n");
    for path in catalogues()? {
        let tag = path.file_stem().and_then(|stem| stem.to_str());
        let tag = tag.ok_or("the name of a catalogue is a language tag")?;
        let path = fs::canonicalize(&path)?;
        let path = path.to_str().ok_or("the path is not Unicode")?;
        writeln!(list, "    ({tag:?}, include_str!({path:?})),")?;
    }
    list.push(']');
    let folder = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&folder).join("catalogues.rs"), list)?;
    Ok(())
}

/// The catalogues, sorted by the tags of their languages.
fn catalogues() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(FOLDER)?.collect();
    let mut paths: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "ftl"));
    paths.sort();
    Ok(paths)
}
