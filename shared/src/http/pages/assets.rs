//! Style and script, which stand in the pages themselves: a file of their own would be another
//! call of a function, cold perhaps, before a page can be seen.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

pub(super) const STYLE: &str = include_str!("../../../templates/pages/page.css");
pub(super) const SCRIPT: &str = include_str!("../../../templates/pages/page.js");

static STYLE_SOURCE: LazyLock<String> = LazyLock::new(|| hash_source(STYLE));
static SCRIPT_SOURCE: LazyLock<String> = LazyLock::new(|| hash_source(SCRIPT));

/// The policy of a page with these two and with `accent`, the style of its app, and pictures if it has
/// any. What is not on the
/// page word by word does not count, so that nothing that is smuggled in can run or be loaded
/// (Content Security Policy Level 3, section 8.4).
pub(super) fn policy(accent: &str, has_images: bool) -> String {
    let images = if has_images { "img-src data:; " } else { "" };
    format!(
        "default-src 'none'; style-src {} {}; script-src {}; connect-src 'self'; {images}\
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        *STYLE_SOURCE,
        hash_source(accent),
        *SCRIPT_SOURCE
    )
}

/// What stands between the tags, as a policy names it.
fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_element_early() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
        }
    }

    #[test]
    fn the_policy_lets_nothing_unsafe_in() {
        let policy = policy(":root{--accent:#1d4ed8}", true);
        assert!(!policy.contains("unsafe") && policy.starts_with("default-src 'none'"));
        assert_eq!(policy.matches("'sha256-").count(), 3);
    }

    #[test]
    fn a_hash_is_that_of_the_standard() {
        // The example of Content Security Policy Level 2, section 7.17.2.
        assert_eq!(
            hash_source("alert('Hello, world.');"),
            "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
        );
    }
}
