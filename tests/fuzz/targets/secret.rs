//! Link tokens and short codes: whatever parses is shown as something that parses to the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::domain::{AppId, LinkToken, RequestId, SecretHash, ShortCode};

fuzz_target!(|text: &str| {
    if let Some(token) = LinkToken::parse(text) {
        // There is one spelling of a token, so that no second one can be tried after the first.
        assert_eq!(token.expose().as_str(), text);
    }
    if let Some(code) = ShortCode::parse(text) {
        let shown = code.expose();
        let again = ShortCode::parse(&shown).expect("its own text");
        assert_eq!(again.as_bytes(), code.as_bytes());
    }
    if let Some(hash) = SecretHash::decode(text) {
        assert_eq!(hash.encoded(), text);
    }
    if let Some(app) = AppId::new(text) {
        assert_eq!(app.as_str(), text);
    }
    assert!(RequestId::new(text).as_str().chars().count() <= 128);
});
