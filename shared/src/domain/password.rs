use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Characters that may stand for the same letter: zxcvbn tries all ways in which those of a password
/// may be meant, and its time grows with their product.
const SUBSTITUTES: [&str; 7] = ["4@", "({[<", "69", "1!|", "1|7", "$5", "+7"];
/// Most ways for which a password is estimated whole.
const MAX_SUBSTITUTIONS: usize = 8;
/// What is estimated of the others, in characters. What lies behind it can only make a password
/// stronger.
const ESTIMATED_CHARS: usize = 24;

/// Most runs of repeated or sequential characters that a password may not consist of.
const MAX_RUNS: usize = 2;

/// Passwords in lower case of the ten thousand most common ones that an estimate takes, or might come to
/// take, for better than they are.
const COMMON: &str = include_str!("common_passwords.txt");

/// Shorter pieces of a name or an address occur in too many good passwords to refuse them.
const SHORTEST_TELLING_PIECE: usize = 4;
/// Most personal words that an estimate knows, so that no name makes it slow.
const MOST_PERSONAL_WORDS: usize = 10;

/// A password that somebody wants to have, in NFC, wiped from memory when dropped.
///
/// NFC makes the same password typed on two keyboards the same bytes (NIST SP 800-63B-4,
/// section 3.1.1.2); a login must normalise alike.
#[derive(Clone)]
pub struct NewPassword(Zeroizing<String>);

impl NewPassword {
    /// The password that was typed, normalised.
    pub fn new(typed: &str) -> Self {
        // NFC never takes more than three times the bytes, so that the buffer is not moved while
        // it grows and no copy stays behind.
        let mut normalised = Zeroizing::new(String::with_capacity(3 * typed.len()));
        normalised.extend(typed.nfc());
        Self(normalised)
    }

    /// The bytes that are hashed. They are the secret itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    #[must_use]
    pub fn lower_case(&self) -> Self {
        Self::new(&Zeroizing::new(self.0.to_lowercase()))
    }

    /// What is left, in lower case, without the personal words in it: what somebody who knows the
    /// person has to guess. Nothing where it holds no such word.
    pub fn beside_personal_words(&self, context: &PasswordContext<'_>) -> Option<Self> {
        let (rest, reasons) = self.split_personal(context);
        (!reasons.is_empty()).then_some(rest)
    }

    /// What is left without the personal words, and what kinds of them it holds.
    fn split_personal(&self, context: &PasswordContext<'_>) -> (Self, Vec<RejectionReason>) {
        let mut rest = self.lower_case();
        let mut reasons = Vec::new();
        // The longest first: an address holds its local part, a name its words. What the page knows comes
        // before the name, which it does not know: so the page's own count is never the stricter one.
        for (reason, piece) in personal_pieces(context) {
            let piece: String = piece.nfc().collect::<String>().to_lowercase();
            if piece.chars().count() >= SHORTEST_TELLING_PIECE && rest.0.contains(&piece) {
                rest = Self(Zeroizing::new(rest.0.replace(&piece, "")));
                if reasons.last() != Some(&reason) {
                    reasons.push(reason);
                }
            }
        }
        (rest, reasons)
    }

    fn code_points(&self) -> usize {
        self.0.chars().count()
    }

    /// Of how many runs it consists in which each character repeats the one before it or is next to
    /// it in Unicode.
    fn runs(&self) -> usize {
        let codes = || self.0.chars().map(u32::from);
        let breaks = codes().zip(codes().skip(1));
        1 + breaks.filter(|(a, b)| a.abs_diff(*b) > 1).count()
    }
}

/// What a password must be like. No composition rules (NIST SP 800-63B-4, section 3.1.1.2; ASVS 6.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PasswordPolicy {
    /// Fewest code points.
    pub min_length: usize,
    /// Most code points; a bound only on what a request may cost.
    pub max_length: usize,
    /// Lowest zxcvbn score, 0 (too guessable) to 4 (very unguessable).
    pub min_strength: u8,
    /// Most bytes in NFC and UTF-8, where the hash takes no more; frontends get it only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<usize>,
    pub known_passwords_refused: bool,
    /// Whether U+0000 may be in it. Nobody types it, so frontends learn of it only by its refusal.
    #[serde(skip)]
    pub allows_nul: bool,
}

/// What is known of the person, and must not be most of the password (ASVS 6.2.11).
#[derive(Debug, Clone, Copy)]
pub struct PasswordContext<'a> {
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub app_name: &'a str,
}

/// Why a password was not accepted, in the order in which the reasons are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum RejectionReason {
    /// Fewer code points than the policy asks for.
    TooShort,
    /// More code points than the policy allows.
    TooLong,
    /// More bytes than the hash takes.
    TooManyBytes,
    /// U+0000, which the login would not take.
    ContainsNul,
    /// A line break, which browsers take out of every password field, so that no login could send it.
    ContainsLineBreak,
    /// It is little more than the person's address.
    ContainsAddress,
    /// It is little more than the app's name.
    ContainsAppName,
    /// It is little more than the person's name.
    ContainsName,
    /// It is on the list of those that attackers know.
    Known,
    /// It is common, or would be guessed quickly for another reason.
    TooWeak,
}

impl RejectionReason {
    /// The stable name of the reason.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl PasswordPolicy {
    /// Checks a password by the rules that cost nothing.
    ///
    /// # Errors
    ///
    /// Every [`RejectionReason`] of these that applies, in a stable order; never an empty list.
    pub fn check_rules(
        &self,
        password: &NewPassword,
        context: &PasswordContext<'_>,
    ) -> Result<(), Vec<RejectionReason>> {
        let length = password.code_points();
        if length > self.max_length {
            // The cheap answer: nothing that long is analysed.
            return Err(vec![RejectionReason::TooLong]);
        }
        let mut reasons = Vec::new();
        if length < self.min_length {
            reasons.push(RejectionReason::TooShort);
        }
        if self
            .max_bytes
            .is_some_and(|max| password.as_bytes().len() > max)
        {
            reasons.push(RejectionReason::TooManyBytes);
        }
        if !self.allows_nul && password.as_bytes().contains(&0) {
            reasons.push(RejectionReason::ContainsNul);
        }
        if password.0.contains(['\n', '\r']) {
            reasons.push(RejectionReason::ContainsLineBreak);
        }
        reasons.extend(self.personal_reasons(password, context));
        if reasons.is_empty() {
            Ok(())
        } else {
            Err(reasons)
        }
    }

    /// Estimates a password. Only one that is fine otherwise is worth that, for it costs as much as a
    /// hash.
    ///
    /// # Errors
    ///
    /// [`RejectionReason::TooWeak`] alone.
    pub fn check_strength(
        &self,
        password: &NewPassword,
        context: &PasswordContext<'_>,
    ) -> Result<(), Vec<RejectionReason>> {
        let lower_case = password.lower_case();
        let is_common = COMMON.lines().any(|it| it == *lower_case.0);
        let is_run = self.refuses_runs() && password.runs() <= MAX_RUNS;
        if is_common || is_run || score(password, context) < self.min_strength {
            Err(vec![RejectionReason::TooWeak])
        } else {
            Ok(())
        }
    }

    /// Whether a password of repeated and sequential characters alone is refused (NIST SP 800-63B-4,
    /// section 3.1.1.2). The page tells people so while they type.
    pub const fn refuses_runs(&self) -> bool {
        self.min_strength > 0
    }

    /// The personal words that too little is left without. A passphrase may hold one: entire
    /// passwords are compared, not their parts (NIST SP 800-63B-4, section 3.1.1.2).
    fn personal_reasons(
        &self,
        password: &NewPassword,
        context: &PasswordContext<'_>,
    ) -> Vec<RejectionReason> {
        let (rest, reasons) = password.split_personal(context);
        if rest.code_points() < self.min_length {
            reasons
        } else {
            Vec::new()
        }
    }
}

fn personal_pieces<'a>(
    context: &PasswordContext<'a>,
) -> impl Iterator<Item = (RejectionReason, &'a str)> {
    let local = context.email.rsplit_once('@').map(|(local, _)| local);
    let addresses = std::iter::once(context.email).chain(local);
    let name = context.name.unwrap_or_default().trim();
    let names = std::iter::once(name).chain(name.split_whitespace());
    let app_name = (RejectionReason::ContainsAppName, context.app_name.trim());
    addresses
        .map(|piece| (RejectionReason::ContainsAddress, piece))
        .chain(std::iter::once(app_name))
        .chain(names.map(|piece| (RejectionReason::ContainsName, piece)))
}

/// The estimate, for which personal words are the first that an attacker tries, alone and beside others.
fn score(password: &NewPassword, context: &PasswordContext<'_>) -> u8 {
    let telling = personal_pieces(context)
        .map(|(_, piece)| piece)
        .filter(|piece| piece.chars().count() >= SHORTEST_TELLING_PIECE);
    let inputs: Vec<_> = telling.take(MOST_PERSONAL_WORDS).collect();
    zxcvbn::zxcvbn(estimated(&password.0), &inputs)
        .score()
        .into()
}

/// What of a password is estimated, so that no content of it costs more than a few hashes.
fn estimated(password: &str) -> &str {
    let occurring = |group: &str| group.chars().filter(|c| password.contains(*c)).count();
    let ways: usize = SUBSTITUTES.iter().map(|it| occurring(it).max(1)).product();
    if ways <= MAX_SUBSTITUTIONS {
        return password;
    }
    let end = password.char_indices().nth(ESTIMATED_CHARS);
    end.map_or(password, |(end, _)| &password[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PasswordHashFormat;

    const CONTEXT: PasswordContext<'static> = PasswordContext {
        email: "demo.person@example.com",
        name: Some("Maria Lopez"),
        app_name: "Lanternfish",
    };

    fn check_by(
        policy: PasswordPolicy,
        password: &str,
        context: &PasswordContext<'_>,
    ) -> Vec<RejectionReason> {
        let password = NewPassword::new(password);
        policy
            .check_rules(&password, context)
            .and_then(|()| policy.check_strength(&password, context))
            .err()
            .unwrap_or_default()
    }

    fn check(password: &str) -> Vec<RejectionReason> {
        check_by(PasswordPolicy::default(), password, &CONTEXT)
    }

    #[test]
    fn a_good_password_is_accepted_whatever_its_characters() {
        for password in [
            "correct horse battery staple",
            "\u{5bc6}\u{7801}\u{5f88}\u{957f}\u{5f88}\u{5b89}\u{5168}\u{7684}\u{53e3}\u{4ee4}",
            "tr\u{e4}ge quallen s\u{fc}den",
            "\t weird \u{1f980}\u{1f980} \0 stuff",
        ] {
            assert_eq!(check(password), [], "{password}");
        }
    }

    #[test]
    fn a_password_is_as_strong_as_its_score() {
        let passwords = [
            "password",
            "lantern",
            "lantern bay",
            "seven lanterns",
            "seven lanterns over the bay",
        ];
        for (password, score) in passwords.into_iter().zip(0..) {
            let check = |min_strength| {
                let policy = PasswordPolicy {
                    min_strength,
                    ..PasswordPolicy::default()
                };
                policy.check_strength(&NewPassword::new(password), &CONTEXT)
            };
            assert_eq!(check(score), Ok(()), "{password}");
            assert!(check(score + 1).is_err(), "{password}");
        }
    }

    #[test]
    fn two_runs_are_no_password_unless_any_is() {
        for password in [
            "aaaaaaaaaaaa",
            "1234abcd",
            "98765432100",
            "abcbabcbcbabcbcdcbab",
            "\u{430}\u{431}\u{432}\u{433}\u{434}\u{435}\u{436}\u{437}1234",
        ] {
            assert_eq!(check(password), [RejectionReason::TooWeak], "{password}");
            let any = PasswordPolicy {
                min_strength: 0,
                ..PasswordPolicy::default()
            };
            assert_eq!(
                any.check_strength(&NewPassword::new(password), &CONTEXT),
                Ok(())
            );
        }
        assert_eq!(NewPassword::new("aab1").runs(), 2);
        assert_eq!(NewPassword::new("aXbY").runs(), 4);
    }

    #[test]
    fn length_is_counted_in_code_points() {
        assert!(check("xK9#q2!").contains(&RejectionReason::TooShort));
        // Eight bytes, four code points.
        assert!(check("\u{e9}\u{e8}\u{e0}\u{f9}").contains(&RejectionReason::TooShort));
        assert!(!check("xK9#q2!z").contains(&RejectionReason::TooShort));
        let long = "q7".repeat(64) + "x";
        assert_eq!(check(&long), [RejectionReason::TooLong]);
        assert!(!check(&long[..128]).contains(&RejectionReason::TooLong));
    }

    fn check_for(format: PasswordHashFormat, password: &str) -> Vec<RejectionReason> {
        let policy = PasswordPolicy {
            max_bytes: format.max_bytes(),
            allows_nul: format.allows_nul(),
            ..PasswordPolicy::default()
        };
        check_by(policy, password, &CONTEXT)
    }

    #[test]
    fn what_bcrypt_would_cut_off_is_refused() {
        let bcrypt = PasswordHashFormat::Bcrypt;
        let fits = "seven lanterns over the bay, and nine kettles under the old stone bridge";
        assert_eq!(fits.len(), 72);
        assert_eq!(check_for(bcrypt, fits), []);
        assert_eq!(
            check_for(bcrypt, &format!("{fits}s")),
            [RejectionReason::TooManyBytes]
        );
        assert_eq!(check(&format!("{fits}s")), []);
        // Bytes count as they are hashed: 71 characters and 73 bytes as typed, 72 in NFC.
        let typed = fits.replacen("nine", "ne\u{301}", 1);
        assert_eq!((typed.chars().count(), typed.len()), (71, 72));
        assert_eq!(check_for(bcrypt, &typed), []);
        assert_eq!(check_for(bcrypt, &format!("{typed}s")), []);
        assert_eq!(
            check_for(bcrypt, &format!("{typed}st")),
            [RejectionReason::TooManyBytes]
        );
    }

    #[test]
    fn nul_is_refused_where_a_login_would_stumble_over_it() {
        let password = "seven lanterns\0 over the bay";
        for format in [PasswordHashFormat::Bcrypt, PasswordHashFormat::Pbkdf2Django] {
            assert_eq!(
                check_for(format, password),
                [RejectionReason::ContainsNul],
                "{format:?}"
            );
        }
        for format in [PasswordHashFormat::Argon2id, PasswordHashFormat::Scrypt] {
            assert_eq!(check_for(format, password), [], "{format:?}");
        }
    }

    #[test]
    fn a_line_break_is_refused_and_other_white_space_is_kept() {
        let reason = [RejectionReason::ContainsLineBreak];
        for password in [
            "seven lanterns\n",
            "seven lanterns\r\n",
            "\nseven lanterns",
            "seven\rlanterns",
        ] {
            assert_eq!(check(password), reason, "{password:?}");
        }
        for password in [
            " seven lanterns ",
            "\tseven lanterns",
            "seven\u{a0}lanterns\u{3000}",
        ] {
            assert_eq!(check(password), [], "{password:?}");
            assert_eq!(NewPassword::new(password).as_bytes(), password.as_bytes());
        }
    }

    #[test]
    fn a_password_that_could_be_meant_in_many_ways_is_estimated_by_its_beginning() {
        let many = "4@({[<691!|7$5+".repeat(8);
        assert_eq!(estimated(&many).chars().count(), ESTIMATED_CHARS);
        let wide = "\u{1f980}4@({[<691!|7$5+".repeat(6);
        assert_eq!(estimated(&wide).chars().count(), ESTIMATED_CHARS);
        for whole in ["seven lanterns over the bay at 7 $5", "4@({8%230", ""] {
            assert_eq!(estimated(whole), whole);
        }
    }

    #[test]
    fn what_is_refused_for_a_cheap_reason_is_not_estimated() {
        assert_eq!(check("pass"), [RejectionReason::TooShort]);
        assert_eq!(check("lanternfish1"), [RejectionReason::ContainsAppName]);
    }

    #[test]
    fn common_passwords_are_too_weak() {
        for password in ["password", "P@ssw0rd1", "qwertyuiop", "12345678"] {
            assert_eq!(check(password), [RejectionReason::TooWeak], "{password}");
        }
    }

    #[test]
    fn personal_things_are_refused_in_any_case_when_they_are_most_of_it() {
        assert!(check("x!DEMO.person@example.com").contains(&RejectionReason::ContainsAddress));
        assert!(check("9sd#demo.PERSON-k").contains(&RejectionReason::ContainsAddress));
        assert!(check("Lopez1234").contains(&RejectionReason::ContainsName));
        assert!(check("maria lopez").contains(&RejectionReason::ContainsName));
        assert!(check("9sd#lanternFISH-k").contains(&RejectionReason::ContainsAppName));
        let both = check("Lopez#Lanternfish");
        assert!(both.contains(&RejectionReason::ContainsName), "{both:?}");
        assert!(both.contains(&RejectionReason::ContainsAppName), "{both:?}");
    }

    #[test]
    fn a_personal_word_beside_a_common_one_is_too_weak() {
        let context = PasswordContext {
            email: "kowalczyk.ewelina@example.com",
            name: Some("Ewelina Kowalczyk"),
            ..CONTEXT
        };
        for password in [
            "kowalczyk.ewelinapassword",
            "kowalczyk.ewelina12345678",
            "passwordEwelina",
            "lanternfishpassword1",
        ] {
            let found = check_by(PasswordPolicy::default(), password, &context);
            assert_eq!(found, [RejectionReason::TooWeak], "{password}");
        }
        let rest = |password| {
            let rest = NewPassword::new(password).beside_personal_words(&context);
            rest.map(|it| it.0.to_string())
        };
        assert_eq!(
            rest("12EwelinaKowalczyk345678").as_deref(),
            Some("12345678")
        );
        assert_eq!(rest("correct horse battery staple"), None);
    }

    #[test]
    fn a_passphrase_may_hold_a_personal_word() {
        for (name, app_name, password) in [
            (
                "Will Stone",
                "Shop",
                "nine kettles under the old stone bridge",
            ),
            ("Maria Lopez", "Bank", "orchid embankment lantern kettle"),
        ] {
            let context = PasswordContext {
                name: Some(name),
                app_name,
                ..CONTEXT
            };
            let found = check_by(PasswordPolicy::default(), password, &context);
            assert_eq!(found, [], "{password}");
        }
    }

    #[test]
    fn composed_and_decomposed_spellings_are_the_same_password() {
        let composed = NewPassword::new("caf\u{e9} au lait");
        let decomposed = NewPassword::new("cafe\u{301} au lait");
        assert_eq!(composed.as_bytes(), decomposed.as_bytes());
    }
}
