use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha1::{Digest as _, Sha1};

use crate::domain::NewPassword;
use crate::ports::{KnownPasswords, KnownPasswordsError};

/// What the first line of a list of known passwords names as its format. See [`KnownPasswordsFile`].
pub const KNOWN_PASSWORDS_FORMAT: &str = "known-passwords/1";
/// Longest first line of a list.
const MAX_HEADER: u64 = 64 * 1024;
/// How many bits of a key say in which bucket it is.
const BUCKET_BITS: u32 = 17;
const BUCKETS: u64 = 1 << BUCKET_BITS;
const OFFSET_BYTES: u64 = 4;

/// A list of known passwords in a file, of which a look-up reads the few bytes where a password would
/// stand.
///
/// The file begins with a line of JSON that says what is in it. Then come, for each value of the first 17
/// bits of a SHA-1, how many keys stand before those that begin so, and how many there are (131,073
/// numbers of 32 bits, little endian); then the next bits of each key, in order. SHA-1 is what the dumps
/// of Have I Been Pwned consist of; nobody's password is protected by it here.
#[derive(Debug)]
pub struct KnownPasswordsFile {
    path: PathBuf,
    file: File,
    header: Header,
    offsets_at: u64,
}

/// What a look-up needs to know of a list.
#[derive(Debug, Deserialize)]
struct Header {
    format: String,
    keys: u32,
    /// Bytes of each key that stand in its bucket.
    key_bytes: usize,
}

impl Header {
    fn is_good(&self) -> bool {
        // Of 64 bits the bucket says 17.
        let is_known = self.format == KNOWN_PASSWORDS_FORMAT && (1..=5).contains(&self.key_bytes);
        // Without keys nobody would be refused.
        is_known && self.keys > 0
    }
}

/// The first 64 bits of a password's SHA-1. Its key in a list is the first of these.
pub fn known_password_bits(password: &[u8]) -> u64 {
    let digest = Sha1::digest(password);
    digest[..8]
        .iter()
        .fold(0, |key, byte| key << 8 | u64::from(*byte))
}

impl KnownPasswordsFile {
    /// The list in a file.
    ///
    /// # Errors
    ///
    /// [`KnownPasswordsError`] when it cannot be read, or is no such list or not a whole one.
    pub fn open(path: &Path) -> Result<Self, KnownPasswordsError> {
        Self::read(path).map_err(|error| failed(path, &error))
    }

    fn read(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut line = Vec::new();
        BufReader::new(&file)
            .take(MAX_HEADER)
            .read_until(b'\n', &mut line)?;
        let header = serde_json::from_slice(&line)
            .ok()
            .filter(Header::is_good)
            .ok_or_else(|| invalid("it is no list of known passwords"))?;
        let list = Self {
            path: path.to_owned(),
            offsets_at: line.len() as u64,
            file,
            header,
        };
        if list.file.metadata()?.len() != list.key_at(list.header.keys) {
            return Err(invalid("it is not as long as it says"));
        }
        // Where a part was never written there are zeros.
        if list.keys_before(BUCKETS)? != list.header.keys {
            return Err(invalid("its keys are not all there"));
        }
        Ok(list)
    }

    /// How many keys stand before those of a bucket.
    fn keys_before(&self, bucket: u64) -> io::Result<u32> {
        let mut offset = [0; 4];
        let at = self.offsets_at + OFFSET_BYTES * bucket;
        self.file.read_exact_at(&mut offset, at)?;
        Ok(u32::from_le_bytes(offset))
    }

    fn key_at(&self, index: u32) -> u64 {
        let keys_at = self.offsets_at + OFFSET_BYTES * (BUCKETS + 1);
        keys_at + u64::from(index) * self.header.key_bytes as u64
    }

    fn has(&self, password: &NewPassword) -> io::Result<bool> {
        let bits = known_password_bits(password.as_bytes());
        let bucket = bits >> (u64::BITS - BUCKET_BITS);
        let rest = (bits << BUCKET_BITS).to_be_bytes();
        let mut bounds = [[0; 4]; 2];
        let offset_at = self.offsets_at + OFFSET_BYTES * bucket;
        self.file
            .read_exact_at(bounds.as_flattened_mut(), offset_at)?;
        let [start, end] = bounds.map(u32::from_le_bytes);
        if start > end || end > self.header.keys {
            return Err(invalid("its keys are not in order"));
        }
        let length = self.header.key_bytes;
        let mut keys = vec![0; (end - start) as usize * length];
        self.file.read_exact_at(&mut keys, self.key_at(start))?;
        Ok(keys.chunks_exact(length).any(|key| rest.starts_with(key)))
    }
}

impl KnownPasswords for KnownPasswordsFile {
    fn contains(&self, password: &NewPassword) -> Result<bool, KnownPasswordsError> {
        let either = || Ok(self.has(password)? || self.has(&password.lower_case())?);
        either().map_err(|error: io::Error| failed(&self.path, &error))
    }
}

fn invalid(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

fn failed(path: &Path, error: &io::Error) -> KnownPasswordsError {
    KnownPasswordsError(format!("{}: {error}", path.display()))
}
