use std::fmt;

/// Least contrast of text with what it stands on (WCAG 2.2, success criterion 1.4.3).
const MIN_CONTRAST: f64 = 4.5;

/// An app's colour: what buttons are filled with, under white text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccentColor {
    rgb: [u8; 3],
}

impl AccentColor {
    /// The colour written as `#rrggbb`.
    ///
    /// # Errors
    ///
    /// What is wrong with it: the form, or too little contrast with white.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6);
        let rgb = digits
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or("must be written as #rrggbb")?;
        let [_, red, green, blue] = rgb.to_be_bytes();
        let color = Self {
            rgb: [red, green, blue],
        };
        let contrast = color.contrast_with_white();
        if contrast < MIN_CONTRAST {
            return Err(format!(
                "has a contrast of {contrast:.1} with the white text on buttons; \
                 {MIN_CONTRAST} is the least that can be read well"
            ));
        }
        Ok(color)
    }

    /// The contrast ratio with white, 1 to 21 (WCAG 2.2, "contrast ratio").
    fn contrast_with_white(self) -> f64 {
        1.05 / (self.luminance() + 0.05)
    }

    /// The relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.rgb.map(|channel| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl Default for AccentColor {
    fn default() -> Self {
        Self {
            rgb: [0x1d, 0x4e, 0xd8],
        }
    }
}

impl fmt::Display for AccentColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_written_in_one_way() {
        let color = AccentColor::parse("#1D4Ed8").expect("a good colour");
        assert_eq!(color, AccentColor::default());
        assert_eq!(color.to_string(), "#1d4ed8");
        for text in ["", "#123", "1d4ed8", "#1d4ed", "#1d4ed8;", "#+d4ed8", "red"] {
            assert!(AccentColor::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let contrast = |text: &str| {
            let digits = u32::from_str_radix(text, 16).expect("digits");
            let [_, red, green, blue] = digits.to_be_bytes();
            let color = AccentColor {
                rgb: [red, green, blue],
            };
            (color.contrast_with_white() * 100.0).round() / 100.0
        };
        assert!((contrast("000000") - 21.0).abs() < 0.01);
        assert!((contrast("ffffff") - 1.0).abs() < 0.01);
        assert!((contrast("0a0a0a") - 19.8).abs() < 0.01);
        // The lightest grey that passes, and the next one.
        assert!(contrast("767676") >= 4.5 && contrast("777777") < 4.5);
    }

    #[test]
    fn a_color_on_which_white_cannot_be_read_is_refused() {
        assert!(AccentColor::parse("#767676").is_ok() && AccentColor::parse("#777777").is_err());
        let problem = AccentColor::parse("#ffcc00").expect_err("too light");
        assert!(
            problem.contains("1.5") && problem.contains("4.5"),
            "{problem}"
        );
    }
}
