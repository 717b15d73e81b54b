//! The list of known passwords that confirm-reset looks in, made of plain lists and of dumps of Have I Been
//! Pwned. The same lists give the same bytes.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use shared::adapters::{KNOWN_PASSWORDS_FORMAT, KnownPasswordsFile, known_password_bits};
use shared::domain::NewPassword;

/// Most passwords of a million that are refused by mistake.
const MOST_MISTAKES: f64 = 10.0;
/// Bits of a key that say in which bucket it is.
const BUCKET_BITS: u32 = 17;

/// What a list is made of, and where it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The file to write.
    pub to: PathBuf,
    /// What goes into it, in the order of the header.
    pub lists: Vec<Source>,
}

/// A list of passwords, or of their SHA-1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the header calls it.
    pub name: String,
    /// Under which terms it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// With it, the list is a dump of Have I Been Pwned: a file of lines `SHA-1:COUNT`, or a folder of
    /// range files, each named by the first five digits and with lines `REST:COUNT`. Passwords that were
    /// seen less often are left out. Without it, the list has a password on each line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_count: Option<u64>,
    #[serde(skip_serializing)]
    pub path: PathBuf,
}

/// What became of a source.
#[derive(Debug, Serialize)]
struct SourceEntries {
    #[serde(flatten)]
    source: Source,
    /// Passwords of it that are in the list.
    passwords: usize,
    /// Lines that are no UTF-8, which nobody can type.
    #[serde(skip_serializing_if = "is_zero")]
    unreadable: usize,
    /// Of what was read.
    sha256: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Writes a list; gives its header.
///
/// # Errors
///
/// What cannot be read or written, and lines of a dump that are none.
pub fn build(recipe: &Recipe) -> io::Result<String> {
    let mut keys = Vec::new();
    let mut sources = Vec::new();
    for source in &recipe.lists {
        sources.push(take(source, &mut keys)?);
    }
    if keys.is_empty() {
        return Err(io::Error::other("there is no password in the lists"));
    }
    let key_bytes = key_bytes(keys.len());
    let bits = BUCKET_BITS + 8 * key_bytes;
    for key in &mut keys {
        *key >>= u64::BITS - bits;
    }
    keys.sort_unstable();
    keys.dedup();
    let body = body(&keys, key_bytes)?;
    let header = json!({
        "format": KNOWN_PASSWORDS_FORMAT,
        "hash": format!("the first {bits} bits of SHA-1 of the password in NFC"),
        "keys": keys.len(),
        "key_bytes": key_bytes,
        "mistakes_in_a_million": (mistakes(keys.len(), key_bytes) * 10.0).ceil() / 10.0,
        "sources": sources,
        "sha256": hex(&Sha256::digest(&body)),
    });
    let header = format!("{header}\n");
    fs::write(&recipe.to, [header.as_bytes(), &body].concat())?;
    KnownPasswordsFile::open(&recipe.to).map_err(io::Error::other)?;
    Ok(header)
}

/// Bytes of each key behind those that name its bucket: as few as keep mistakes rare.
fn key_bytes(keys: usize) -> u32 {
    let rare = |bytes: &u32| mistakes(keys, *bytes) < MOST_MISTAKES;
    (3..5).find(rare).unwrap_or(5)
}

/// Passwords of a million that are in the list by chance, at most. One with capitals and a personal word is
/// looked up three times: as typed, in lower case, and without the word.
#[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
fn mistakes(keys: usize, key_bytes: u32) -> f64 {
    3e6 * keys as f64 / (1_u64 << (BUCKET_BITS + 8 * key_bytes)) as f64
}

/// What stands behind the header.
fn body(keys: &[u64], key_bytes: u32) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    for bucket in 0..=1_u64 << BUCKET_BITS {
        let before = keys.partition_point(|key| key >> (8 * key_bytes) < bucket);
        let before = u32::try_from(before).map_err(io::Error::other)?;
        body.extend(before.to_le_bytes());
    }
    for key in keys {
        body.extend(&key.to_be_bytes()[8 - key_bytes as usize..]);
    }
    Ok(body)
}

/// Adds the keys of a list, 64 bits of each.
fn take(source: &Source, keys: &mut Vec<u64>) -> io::Result<SourceEntries> {
    let before = keys.len();
    let mut unreadable = 0;
    let mut digest = Sha256::new();
    for (file, prefix) in files(source).map_err(in_file(&source.path))? {
        let take_line = |line: &[u8]| {
            digest.update(line);
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            // Some editors begin a file with U+FEFF.
            let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            match (source.min_count, str::from_utf8(text)) {
                (_, Ok("")) => {}
                (None, Ok(text)) if counted(&prefix, text).is_some() => {
                    return Err("is of a dump, which needs a min_count");
                }
                (None, Ok(password)) => keys.push(key_of(password)),
                (None, Err(_)) => unreadable += 1,
                (Some(least), text) => {
                    let counted = text.ok().and_then(|text| counted(&prefix, text));
                    let (key, count) = counted.ok_or("is not SHA-1:COUNT")?;
                    if count >= least {
                        keys.push(key);
                    }
                }
            }
            Ok(())
        };
        each_line(&file, take_line).map_err(in_file(&file))?;
    }
    let taken = &mut keys[before..];
    taken.sort_unstable();
    Ok(SourceEntries {
        source: source.clone(),
        passwords: taken.chunk_by(u64::eq).count(),
        unreadable,
        sha256: hex(&digest.finalize()),
    })
}

/// Passes on the lines of a file with their ends; what is wrong with one is said with its number.
fn each_line(
    file: &Path,
    mut take_line: impl FnMut(&[u8]) -> Result<(), &'static str>,
) -> io::Result<()> {
    let mut lines = BufReader::new(File::open(file)?);
    let mut line = Vec::new();
    let mut number = 0;
    while lines.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        let wrong = |problem| io::Error::other(format!("line {number} {problem}"));
        take_line(&line).map_err(wrong)?;
        line.clear();
    }
    Ok(())
}

fn in_file(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::other(format!("{}: {error}", path.display()))
}

/// The files of a list, each with the digits that its lines lack.
fn files(source: &Source) -> io::Result<Vec<(PathBuf, String)>> {
    if !source.path.is_dir() {
        return Ok(vec![(source.path.clone(), String::new())]);
    }
    let entries = fs::read_dir(&source.path)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let with_prefix = |file: PathBuf| {
        let prefix = file.file_stem().unwrap_or_default();
        let prefix = prefix.to_string_lossy().into_owned();
        (file, prefix)
    };
    Ok(files.into_iter().map(with_prefix).collect())
}

fn key_of(password: &str) -> u64 {
    if password.is_ascii() {
        // Most are, and are in NFC.
        known_password_bits(password.as_bytes())
    } else {
        known_password_bits(NewPassword::new(password).as_bytes())
    }
}

/// The key and the count in a line of a dump.
fn counted(prefix: &str, line: &str) -> Option<(u64, u64)> {
    let (rest, count) = line.split_once(':')?;
    let digest = format!("{prefix}{rest}");
    if digest.len() != 40 || !digest.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let key = u64::from_str_radix(&digest[..16], 16).ok()?;
    Some((key, count.parse().ok()?))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use shared::ports::KnownPasswords as _;

    use super::*;

    /// A folder of a test's own.
    fn folder(name: &str) -> PathBuf {
        let folder = format!("known-passwords-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn list(path: PathBuf, min_count: Option<u64>) -> Source {
        Source {
            name: "a list".to_owned(),
            licence: None,
            date: None,
            min_count,
            path,
        }
    }

    fn built(to: &Path, lists: Vec<Source>) -> io::Result<Value> {
        let to = to.join("built");
        let header = build(&Recipe { to, lists })?;
        Ok(serde_json::from_str(&header).expect("JSON"))
    }

    fn has(folder: &Path, password: &str) -> bool {
        let list = KnownPasswordsFile::open(&folder.join("built")).expect("a list");
        let password = NewPassword::new(password);
        list.contains(&password).expect("an answer")
    }

    #[test]
    fn every_password_of_a_plain_list_is_found_however_it_is_typed() {
        let folder = folder("plain");
        let plain = folder.join("plain.txt");
        let text = b"morethanone\r\nCaf\xc3\xa9 au lait\n\nlatin-\xe9\nthe last one";
        fs::write(&plain, text).expect("a file");
        let header = built(&folder, vec![list(plain, None)]).expect("a list");
        assert_eq!(header["keys"], 3);
        assert_eq!(header["sources"][0]["unreadable"], 1);
        for known in [
            "morethanone",
            "MoreThanOne",
            "Caf\u{e9} au lait",
            "Cafe\u{301} au lait",
            "the last one",
        ] {
            assert!(has(&folder, known), "{known}");
        }
        // The list is not folded: what stands there in capitals was seen in capitals.
        for unknown in ["", "morethantwo", "caf\u{e9} au lait", "latin-\u{e9}"] {
            assert!(!has(&folder, unknown), "{unknown}");
        }
    }

    #[test]
    fn a_mark_of_utf_8_is_no_part_of_a_password_and_none_is_counted_twice() {
        let folder = folder("mark");
        let plain = folder.join("plain.txt");
        fs::write(&plain, "\u{feff}morethanone\nmorethanone\nmorethantwo\n").expect("a file");
        let header = built(&folder, vec![list(plain, None)]).expect("a list");
        assert_eq!(header["sources"][0]["passwords"], 2);
        assert!(has(&folder, "morethanone"));
    }

    #[test]
    fn a_dump_without_a_count_is_refused() {
        let folder = folder("uncounted");
        let digest = "0A".repeat(20);
        let whole = folder.join("dump.txt");
        fs::write(&whole, format!("{digest}:12\r\n")).expect("a file");
        let ranges = folder.join("ranges");
        fs::create_dir(&ranges).expect("a folder");
        let range = ranges.join(&digest[..5]);
        fs::write(range, format!("{}:12\r\n", &digest[5..])).expect("a file");
        for path in [whole, ranges] {
            let error = built(&folder, vec![list(path, None)]).expect_err("a dump");
            let expected = "line 1 is of a dump, which needs a min_count";
            assert!(error.to_string().ends_with(expected), "{error}");
        }
    }

    #[test]
    fn a_list_that_would_not_be_read_is_not_made() {
        let folder = folder("unreadable");
        let (empty, good) = (folder.join("empty.txt"), folder.join("good.txt"));
        fs::write(&empty, "\n").expect("a file");
        fs::write(&good, "morethanone").expect("a file");
        for lists in [vec![], vec![list(empty, None)]] {
            let error = built(&folder, lists).expect_err("no list");
            assert_eq!(error.to_string(), "there is no password in the lists");
        }
        // Its header is longer than one that is read.
        let many = vec![list(good, None); 700];
        built(&folder, many).expect_err("no list");
    }

    #[test]
    fn dumps_of_have_i_been_pwned_are_read_whole_or_by_range_from_a_count_on() {
        let folder = folder("dumps");
        let digest = |password: &str| format!("{:016x}{:024}", key_of(password), 0);
        let (common, rare) = (digest("common one").to_uppercase(), digest("rare one"));
        let whole = folder.join("dump.txt");
        fs::write(&whole, format!("{common}:12\r\n{rare}:11\r\n")).expect("a file");
        let ranges = folder.join("ranges");
        fs::create_dir(&ranges).expect("a folder");
        for (digest, count) in [(&common, 12), (&rare, 11)] {
            let range = ranges.join(format!("{}.txt", &digest[..5]));
            fs::write(range, format!("{}:{count}\r\n", &digest[5..])).expect("a file");
        }
        for path in [whole, ranges] {
            for (least, keys) in [(12, 1), (11, 2)] {
                let header = built(&folder, vec![list(path.clone(), Some(least))]);
                let header = header.expect("a list");
                assert_eq!(header["keys"], keys);
                assert_eq!(header["sources"][0]["min_count"], least);
                assert!(has(&folder, "common one"));
                assert_eq!(has(&folder, "rare one"), keys > 1);
            }
        }
    }

    #[test]
    fn a_dump_with_anything_else_in_it_is_refused() {
        let folder = folder("refused");
        let path = folder.join("dump.txt");
        let digest = "0".repeat(40);
        for line in [
            "password".to_owned(),
            format!("{digest}0:1"),
            format!("{}:1", &digest[1..]),
            format!("{}g:1", &digest[1..]),
            format!("{digest}:many"),
        ] {
            fs::write(&path, format!("{digest}:1\n{line}")).expect("a file");
            let error = built(&folder, vec![list(path.clone(), Some(1))]);
            let error = error.expect_err(&line).to_string();
            let expected = format!("{}: line 2 is not SHA-1:COUNT", path.display());
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn a_file_that_is_no_whole_list_is_refused_with_its_path() {
        let folder = folder("broken");
        let plain = folder.join("plain.txt");
        fs::write(&plain, "morethanone").expect("a file");
        built(&folder, vec![list(plain, None)]).expect("a list");
        let path = folder.join("built");
        let good = fs::read(&path).expect("a list");
        let end = good.iter().position(|it| *it == b'\n').expect("a header");
        let (header, body) = good.split_at(end);
        let header = str::from_utf8(header).expect("JSON");
        let with = |old: &str, new: &str, body: &[u8]| {
            assert!(header.contains(old), "{old}");
            [header.replacen(old, new, 1).as_bytes(), body].concat()
        };
        let zeros = [b"\n".to_vec(), vec![0; body.len() - 1]].concat();
        let without_key = body.len() - 3;
        for broken in [
            Vec::new(),
            good[1..].to_vec(),
            good[..good.len() - 1].to_vec(),
            [good.as_slice(), b"x"].concat(),
            with("passwords/1", "passwords/2", body),
            // Keys of no bytes would match all, and those longer than what is compared none.
            with("\"key_bytes\":3", "\"key_bytes\":0", &body[..without_key]),
            with(
                "\"key_bytes\":3",
                "\"key_bytes\":6",
                &[body, &[0; 3]].concat(),
            ),
            // Nobody would be refused.
            with("\"keys\":1", "\"keys\":0", &zeros[..without_key]),
            // A key, before which and in which there is nothing.
            with("", "", &zeros),
            b"\n".repeat(100_000),
        ] {
            fs::write(&path, broken).expect("a file");
            let error = KnownPasswordsFile::open(&path).expect_err("no list");
            assert!(error.to_string().contains("built: "), "{error}");
        }
        fs::remove_file(&path).expect("it goes");
        let error = KnownPasswordsFile::open(&path).expect_err("no list");
        assert!(error.to_string().contains("built: "), "{error}");
    }

    #[test]
    fn keys_are_as_long_as_keeps_mistakes_rare() {
        for (keys, bytes) in [(1, 3), (7_300_000, 3), (7_400_000, 4), (1_800_000_000, 4)] {
            assert_eq!(key_bytes(keys), bytes);
            assert!(mistakes(keys, bytes) < MOST_MISTAKES);
        }
    }
}
