use std::fmt;

/// How one finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// It works, but somebody should know.
    Note,
    /// It would not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    pub text: String,
}

/// Everything that was found, in the order in which it was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing would fail.
    pub fn is_good(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.verdict != Verdict::Bad)
    }

    pub(crate) fn good(&mut self, text: impl Into<String>) {
        self.add(Verdict::Good, text);
    }

    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.add(Verdict::Note, text);
    }

    pub(crate) fn bad(&mut self, text: impl Into<String>) {
        self.add(Verdict::Bad, text);
    }

    fn add(&mut self, verdict: Verdict, text: impl Into<String>) {
        let text = text.into();
        self.findings.push(Finding { verdict, text });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { verdict, text } in &self.findings {
            let mark = match verdict {
                Verdict::Good => "ok  ",
                Verdict::Note => "note",
                Verdict::Bad => "BAD ",
            };
            writeln!(f, "{mark}  {text}")?;
        }
        Ok(())
    }
}
