use std::fmt;

use super::{
    CodeHash, EmailAddress, IdempotencyKey, LinkSecret, NewPassword, Owner, PasswordHash,
    Pseudonymizer, ShortCode, UserKey,
};

/// Has these show nothing but their names.
macro_rules! redacted {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        })+
    };
}

redacted!(
    IdempotencyKey,
    LinkSecret,
    NewPassword,
    PasswordHash,
    Pseudonymizer,
    ShortCode
);
// Forty bits fall to a guess against even a slow hash.
redacted!(CodeHash);
// Logs hold keyed hashes of addresses only; and in a table that is keyed by the address, the key is it.
redacted!(EmailAddress, Owner, UserKey);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LinkToken, Locator};

    #[test]
    fn secrets_and_addresses_show_nothing() {
        let email = "demo@example.com";
        let token = LinkToken::new(
            Locator::from_bytes([1; 16]),
            LinkSecret::from_bytes([2; 32]),
        );
        let secrets: [&dyn fmt::Debug; 10] = [
            &token,
            &IdempotencyKey::from_random([2; 16]),
            &NewPassword::new("hunter22"),
            &PasswordHash::new("hunter22".to_owned()),
            &Pseudonymizer::new("hunter22"),
            &ShortCode::from_random([2; 8]),
            &CodeHash::from_bytes([2; 32]),
            &EmailAddress::parse(email).expect("a good address"),
            &Owner::nobody(email),
            &UserKey::text(email.to_owned()),
        ];
        for secret in secrets {
            let shown = format!("{secret:?}");
            let is_short = shown.ends_with("(redacted)") || shown.ends_with("(redacted) }");
            let is_clean = ["demo", "hunter", "2, 2"]
                .iter()
                .all(|it| !shown.contains(it));
            assert!(is_short && is_clean, "{shown}");
        }
    }
}
