use std::fmt;
use std::mem::MaybeUninit;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize as _;

use crate::domain::{CodeHash, CodeSalt, NewPassword, PasswordHash, ShortCode};
use crate::ports::{CodeHasher, Entropy, HashError, Measurement, PasswordHasher, measure};

const OUTPUT_BYTES: usize = 32;
/// RFC 9106, section 3.1, recommends 16 for password hashing.
const SALT_BYTES: usize = 16;
/// Passes for a code. Half of the 2^40 codes in the ten minutes that one lives are 9 × 10^8 hashes a
/// second, so a second pass protects nobody; and a hash is most of what a mail costs.
const CODE_PASSES: u32 = 1;
/// Blocks of the smallest page that Linux has on the processors of Lambda, 4096 bytes.
const PAGE: [Block; 4096 / Block::SIZE] = [Block::new(); 4096 / Block::SIZE];

/// What one argon2id hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
}

/// The memory of argon2id, which is allocated once: by the first hash, or before it. Clones are the
/// same memory.
#[derive(Clone, Default)]
pub struct Argon2Memory(Arc<Mutex<Vec<Block>>>);

impl Argon2Memory {
    /// Memory for hashes of this cost. It is allocated and touched from here on, by a thread of its
    /// own, because that takes longer than the rest of a function's start, most of which is waiting.
    pub fn prepared(cost: Argon2Cost) -> Self {
        let memory = Self::default();
        let prepared = memory.clone();
        let blocks = usize::try_from(cost.memory_kib).unwrap_or(usize::MAX);
        // Where no thread can be had, the first to need the memory makes it.
        let _ = thread::Builder::new().spawn(move || drop(prepared.of(blocks)));
        memory
    }

    /// The memory, once nobody else uses it, of at least so many blocks of one KiB.
    fn of(&self, blocks: usize) -> MutexGuard<'_, Vec<Block>> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = blocks.saturating_sub(memory.len());
        if missing > 0 {
            memory.reserve_exact(missing);
            touch(memory.spare_capacity_mut());
            // A page at a time, because code that is built to be small writes single blocks slowly.
            while memory.len() < blocks {
                let missing = (blocks - memory.len()).min(PAGE.len());
                memory.extend_from_slice(&PAGE[..missing]);
            }
        }
        memory
    }
}

/// argon2id (RFC 9106), whose memory is wiped when no more is hashed.
pub struct Argon2Hasher<E> {
    params: Params,
    code_params: Params,
    memory: Argon2Memory,
    entropy: E,
}

impl<E: Entropy> Argon2Hasher<E> {
    /// A hasher of this cost, in this memory.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know such a cost.
    pub fn new(cost: Argon2Cost, memory: Argon2Memory, entropy: E) -> Result<Self, HashError> {
        let with_passes = |passes| {
            let output = Some(OUTPUT_BYTES);
            Params::new(cost.memory_kib, passes, cost.parallelism, output).map_err(hash_error)
        };
        Ok(Self {
            params: with_passes(cost.iterations)?,
            code_params: with_passes(CODE_PASSES)?,
            memory,
            entropy,
        })
    }

    /// Returns when the memory is there. A function waits for it at the end of its start, so that
    /// the first hash is no slower than later ones.
    pub fn ready(&self) {
        drop(self.memory.of(self.params.block_count()));
    }

    fn hash(&self, secret: &[u8]) -> Result<String, HashError> {
        let salt: [u8; SALT_BYTES] = self.entropy.bytes()?;
        let output = self.derive(&self.params, secret, &salt);
        self.wipe();
        let output = output?;
        phc(&self.params, &salt, Some(&output))
    }

    fn derive(
        &self,
        params: &Params,
        secret: &[u8],
        salt: &[u8],
    ) -> Result<[u8; OUTPUT_BYTES], HashError> {
        let mut memory = self.memory.of(params.block_count());
        let blocks = &mut memory[..params.block_count()];
        let mut output = [0; OUTPUT_BYTES];
        let begun = Instant::now();
        let derived = Argon2::new(Algorithm::Argon2id, Version::default(), params.clone())
            .hash_password_into_with_memory(secret, salt, &mut output, &mut *blocks);
        measure(Measurement::Argon2(begun.elapsed()));
        derived.map_err(hash_error)?;
        Ok(output)
    }
}

impl<E: Entropy> PasswordHasher for Argon2Hasher<E> {
    fn hash_password(&self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        self.hash(password.as_bytes()).map(PasswordHash::new)
    }
}

impl<E: Entropy> CodeHasher for Argon2Hasher<E> {
    fn code_salt(&self) -> Result<CodeSalt, HashError> {
        let salt: [u8; SALT_BYTES] = self.entropy.bytes()?;
        phc(&self.code_params, &salt, None).map(CodeSalt::new)
    }

    fn hash_code(&self, code: &ShortCode, salt: &CodeSalt) -> Result<CodeHash, HashError> {
        let stored = phc::PasswordHash::new(salt.as_str()).map_err(hash_error)?;
        let params = Params::try_from(&stored).map_err(hash_error)?;
        let salt = stored
            .salt
            .ok_or_else(|| HashError::Hash("the stored salt is none".to_owned()))?;
        let hash = self.derive(&params, code.as_bytes(), &salt)?;
        Ok(CodeHash::from_bytes(hash))
    }

    fn wipe(&self) {
        self.memory.of(0).iter_mut().for_each(Block::zeroize);
    }
}

/// Has the kernel find the pages, which takes ten times as long as writing to them does afterwards;
/// so two threads do it. Where there is no second one, the writer finds them.
fn touch(blocks: &mut [MaybeUninit<Block>]) {
    let (some, others) = blocks.split_at_mut(blocks.len() / 2);
    thread::scope(|scope| {
        let _ = thread::Builder::new().spawn_scoped(scope, || touch_pages(others));
        touch_pages(some);
    });
}

fn touch_pages(blocks: &mut [MaybeUninit<Block>]) {
    for page in blocks.chunks_mut(PAGE.len()) {
        page[..1].write_copy_of_slice(&PAGE[..1]);
    }
}

fn phc(params: &Params, salt: &[u8], output: Option<&[u8]>) -> Result<String, HashError> {
    let output = output.map(Output::new).transpose().map_err(hash_error)?;
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(params).map_err(hash_error)?,
        salt: Some(Salt::new(salt).map_err(hash_error)?),
        hash: output,
    };
    Ok(hash.to_string())
}

fn hash_error(error: impl fmt::Display) -> HashError {
    HashError::Hash(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::SystemEntropy;

    fn hasher() -> Argon2Hasher<SystemEntropy> {
        hasher_of(Argon2Cost::default())
    }

    fn hasher_of(cost: Argon2Cost) -> Argon2Hasher<SystemEntropy> {
        Argon2Hasher::new(cost, Argon2Memory::default(), SystemEntropy).expect("a good cost")
    }

    fn verifies(phc: &PasswordHash, password: &str) -> bool {
        independent_argon2::verify_encoded(phc.as_str(), password.as_bytes()).expect("a good hash")
    }

    #[test]
    fn another_implementation_verifies_its_hashes() {
        let hasher = hasher();
        let hash = |text: &str| {
            hasher
                .hash_password(&NewPassword::new(text))
                .expect("a hash")
        };
        let first = hash("correct horse battery staple");
        let second = hash("correct horse battery staple");
        assert!(
            first
                .as_str()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        assert_ne!(first, second, "each hash has a salt of its own");
        assert!(verifies(&first, "correct horse battery staple"));
        assert!(verifies(&second, "correct horse battery staple"));
        assert!(!verifies(&first, "correct horse battery stapl"));
    }

    #[test]
    fn a_code_has_one_hash_under_a_salt_and_another_one_under_the_next() {
        let hasher = hasher();
        let code = ShortCode::from_random([1; 8]);
        let other = ShortCode::from_random([2; 8]);
        let salts = [hasher.code_salt(), hasher.code_salt()].map(|salt| salt.expect("a salt"));
        let hash = |code, salt| hasher.hash_code(code, salt).expect("a hash");
        let first = hash(&code, &salts[0]);
        assert!(first.is(hash(&code, &salts[0]).as_str()));
        assert!(!first.is(hash(&other, &salts[0]).as_str()));
        assert!(!first.is(hash(&code, &salts[1]).as_str()));
    }

    #[test]
    fn a_salt_keeps_the_cost_that_it_was_made_with() {
        let cheap = Argon2Cost {
            memory_kib: 8192,
            ..Argon2Cost::default()
        };
        let cheap = hasher_of(cheap);
        let code = ShortCode::from_random([1; 8]);
        let salt = cheap.code_salt().expect("a salt");
        assert!(salt.as_str().starts_with("$argon2id$v=19$m=8192,t=1,p=1$"));
        let hash = cheap.hash_code(&code, &salt).expect("a hash");
        let again = hasher().hash_code(&code, &salt).expect("a hash");
        assert!(hash.is(again.as_str()));
    }

    #[test]
    fn its_memory_is_there_once_it_is_ready() {
        let hasher = hasher();
        hasher.ready();
        let memory = hasher.memory.of(0);
        assert_eq!(memory.len(), hasher.params.block_count());
    }

    #[test]
    fn memory_is_wiped_after_a_password_and_once_for_many_codes() {
        let hasher = hasher();
        let is_clean = || {
            let memory = hasher.memory.of(0);
            let mut words = memory.iter().flat_map(AsRef::as_ref);
            words.all(|word| *word == 0)
        };
        hasher
            .hash_password(&NewPassword::new("a secret of mine"))
            .expect("a hash");
        assert!(is_clean());
        let salt = hasher.code_salt().expect("a salt");
        for n in 1..=2 {
            let code = ShortCode::from_random([n; 8]);
            hasher.hash_code(&code, &salt).expect("a hash");
        }
        assert!(!is_clean());
        hasher.wipe();
        assert!(is_clean());
    }
}
