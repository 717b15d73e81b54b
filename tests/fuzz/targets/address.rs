//! Addresses: whatever parses has one normal form, which is plain ASCII and parses to itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::domain::EmailAddress;

fuzz_target!(|text: &str| {
    let Ok(email) = EmailAddress::parse(text) else {
        return;
    };
    let normalised = email.normalised();
    assert!(normalised.is_ascii() && normalised.len() <= 254);
    assert!(!normalised.contains(|c: char| c.is_ascii_control() || c.is_ascii_whitespace()));
    assert_eq!(normalised.matches('@').count(), 1);
    let again = EmailAddress::parse(normalised).expect("its own normal form");
    assert_eq!(again.normalised(), normalised);
    assert!(email.matches(normalised) && email.matches(text.trim()));
    let mailable = email.mailable();
    assert!(mailable.is_ascii());
    let mailed = EmailAddress::parse(&mailable).expect("mail can be sent to it");
    assert_eq!(mailed.normalised(), normalised);
});
