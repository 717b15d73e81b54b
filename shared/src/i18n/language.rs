use unic_langid::{CharacterDirection, LanguageIdentifier};

/// Every catalogue: the tag of its language (BCP 47), and its text.
pub(super) const CATALOGUES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

/// Most languages of an `Accept-Language` header that are looked at.
const MAX_ACCEPTED: usize = 32;

/// A language that there are texts in.
///
/// It is made from a tag by comparing the tag with those that are compiled in, so whatever somebody
/// sends as a tag is never more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(&'static str);

impl Language {
    /// The language that every text is there in.
    pub const ENGLISH: Self = Self("en");

    /// Every language, sorted by tag.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUES.iter().map(|(tag, _)| Self(tag))
    }

    /// The language that fits a tag best: the tag itself, or what is left of it when subtags are
    /// taken away from its end (RFC 4647, section 3.4). `None` when there are no texts in it, and
    /// for whatever is no tag.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-");
        let mut range = tag.as_str();
        loop {
            if let Some(found) = Self::all().find(|known| known.0.eq_ignore_ascii_case(range)) {
                return Some(found);
            }
            range = range.rsplit_once('-')?.0;
        }
    }

    /// The language that an `Accept-Language` header prefers (RFC 9110, section 12.5.4), of those
    /// that there are texts in.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut ranges: Vec<_> = header
            .split(',')
            .take(MAX_ACCEPTED)
            .map(weighed)
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        // Stable: of equals the first one is preferred.
        ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        ranges
            .into_iter()
            .find_map(|(range, _)| Self::of_tag(range))
    }

    /// The tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        self.0
    }

    /// The direction it is written in, as HTML's `dir` names it.
    pub fn direction(self) -> &'static str {
        if self.is_right_to_left() {
            "rtl"
        } else {
            "ltr"
        }
    }

    pub(crate) fn is_right_to_left(self) -> bool {
        self.identifier().character_direction() == CharacterDirection::RTL
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.0.parse().unwrap_or_default()
    }
}

/// One element of the header: a range and its weight. Without a weight it is 1; with one that
/// cannot be read it does not count.
fn weighed(element: &str) -> (&str, f32) {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts
        .find_map(|parameter| parameter.strip_prefix("q="))
        .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
    let weight = if (0.0..=1.0).contains(&weight) {
        weight
    } else {
        0.0
    };
    (range, weight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn accepted(header: &str) -> Option<&'static str> {
        Language::accepted(header).map(Language::tag)
    }

    #[test]
    fn tags_are_matched_from_their_end() {
        for (tag, expected) in [
            ("de", Some("de")),
            ("DE-at", Some("de")),
            ("pt_BR", Some("pt")),
            ("ar-Arab-EG", Some("ar")),
            ("en-GB", Some("en")),
            ("xx", None),
            ("", None),
            ("../../etc/passwd", None),
            ("de/../en", None),
            ("d", None),
        ] {
            assert_eq!(Language::of_tag(tag).map(Language::tag), expected, "{tag}");
        }
    }

    #[test]
    fn the_header_s_weights_count() {
        assert_eq!(accepted("de-DE,de;q=0.9,en;q=0.8"), Some("de"));
        assert_eq!(accepted("en;q=0.5, fr;q=0.7"), Some("fr"));
        assert_eq!(accepted("nl, sv;q=0.9, ja;q=0.1"), Some("ja"));
        assert_eq!(accepted("de;q=0, es"), Some("es"));
        assert_eq!(accepted("fr, de"), Some("fr"));
        assert_eq!(accepted("*"), None);
        assert_eq!(accepted("de;q=x"), None);
        assert_eq!(accepted("de;q=inf, fr;q=-1, es;q=0.1"), Some("es"));
        assert_eq!(accepted(""), None);
    }

    #[test]
    fn arabic_is_written_from_the_right() {
        let direction = |tag| Language::of_tag(tag).map(Language::direction);
        assert_eq!(direction("ar"), Some("rtl"));
        assert_eq!(direction("ja"), Some("ltr"));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_is_a_known_language_or_none(header in "\\PC{0,80}") {
            let known: Vec<_> = Language::all().collect();
            for found in [Language::accepted(&header), Language::of_tag(&header)] {
                prop_assert!(found.is_none_or(|found| known.contains(&found)));
            }
        }
    }
}
