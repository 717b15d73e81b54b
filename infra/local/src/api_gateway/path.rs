use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The path as an HTTP API hands it on: percent-decoded, and cut at a question mark that appears by
/// decoding.
pub(super) fn decode(raw: &str) -> String {
    let decoded = percent_decode_str(raw).decode_utf8_lossy();
    let path = match decoded.split_once('?') {
        Some((path, _)) => Cow::Borrowed(path),
        None => decoded,
    };
    if path.starts_with('/') {
        path.into_owned()
    } else {
        format!("/{path}")
    }
}

/// Splits a request target into the raw path and the raw query.
pub(super) fn split_target(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_and_cut_at_a_question_mark() {
        for (raw, decoded) in [
            ("/a%20b", "/a b"),
            ("/a%2Fb", "/a/b"),
            ("/a%3Fb=1", "/a"),
            ("/%zz", "/%zz"),
            ("/%E4", "/\u{fffd}"),
            ("", "/"),
        ] {
            assert_eq!(decode(raw), decoded);
        }
    }
}
