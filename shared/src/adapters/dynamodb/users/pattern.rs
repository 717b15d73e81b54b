/// Stands for the address.
const EMAIL: &str = "{email}";

/// The value of a key attribute, in which `{email}` stands for the address: `EMAIL#{email}`, or
/// simply `PROFILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPattern(String);

impl KeyPattern {
    /// The pattern with this text; `None` when it is empty or names the address twice.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.matches(EMAIL).count() <= 1;
        fits.then(|| Self(text.to_owned()))
    }

    /// The value for an address.
    pub fn fill(&self, email: &str) -> String {
        self.0.replacen(EMAIL, email, 1)
    }

    /// Whether each address has a value of its own.
    pub fn names_the_address(&self) -> bool {
        self.0.contains(EMAIL)
    }
}

impl Default for KeyPattern {
    /// The address itself.
    fn default() -> Self {
        Self(EMAIL.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_where_the_pattern_says() {
        let filled = |pattern| KeyPattern::parse(pattern).map(|it| it.fill("a@b.c"));
        assert_eq!(filled("EMAIL#{email}").as_deref(), Some("EMAIL#a@b.c"));
        assert_eq!(filled("PROFILE").as_deref(), Some("PROFILE"));
        assert_eq!(filled("{email}{email}"), None);
        assert_eq!(filled(""), None);
        assert_eq!(KeyPattern::default().fill("{email}"), "{email}");
    }
}
