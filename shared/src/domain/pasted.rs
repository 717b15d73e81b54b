//! What comes along when people copy text from a mail.

/// Whether a character is not seen: what Unicode calls default ignorable (zero-width characters, soft
/// hyphens, byte order marks, directional marks, variation selectors, fillers), and the empty pattern
/// of Braille.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character of a text in NFKC looks like a hyphen: hyphens, dashes, minus and bullet signs;
/// or is what a Japanese keyboard writes in its place: a prolonged sound or a wave.
pub(super) const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{30fc}' | '\u{301c}' | '~'
    )
}
