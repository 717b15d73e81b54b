/// A way in which frontends speak to the service: the service's own, or another system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WireFormat {
    /// The service's own API.
    Native,
    /// Parakeet's pages and forms.
    Parakeet,
    /// Novel's API.
    Novel,
    /// Razi's API.
    Razi,
    /// Backstack's API.
    Backstack,
    /// `FlowFuse`'s API.
    FlowFuse,
}

impl WireFormat {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Native,
        Self::Parakeet,
        Self::Novel,
        Self::Razi,
        Self::Backstack,
        Self::FlowFuse,
    ];

    /// Its name in settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Parakeet => "parakeet",
            Self::Novel => "novel",
            Self::Razi => "razi",
            Self::Backstack => "backstack",
            Self::FlowFuse => "flowfuse",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
