use std::iter;

use super::{AppId, EmailAddress, Timestamp, UserKey};

/// The id of a [`Notice`]: 32 hexadecimal digits, and for a mail to another recipient `-` and its place
/// among them, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeId(String);

impl NoticeId {
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What all mails of one change have in common: the key of their item.
    pub fn change(&self) -> &str {
        self.0.split_once('-').map_or(&self.0, |(change, _)| change)
    }

    /// The place among the other recipients; none for the account's own address.
    pub fn other(&self) -> Option<&str> {
        self.0.split_once('-').map(|(_, place)| place)
    }
}

/// A "your password was changed" mail that is to be sent.
#[derive(Clone)]
pub struct Notice {
    pub id: NoticeId,
    pub app: AppId,
    pub user_key: UserKey,
    /// The address of the account at that moment: a person who takes an account over and changes
    /// the address at once must not get the warning in place of its owner.
    pub email: String,
    /// The other addresses that get it, as they were at that moment.
    pub others: OtherRecipients,
    /// The language that the person's browser asked for, as far as it is known.
    pub locale: Option<String>,
    pub changed_at: Timestamp,
}

impl Notice {
    /// A notice for each of its mails: to the account's address, and to each other recipient.
    pub fn mails(mut self) -> Vec<Self> {
        let others = std::mem::take(&mut self.others).0;
        let to_others = (1..).zip(others).map(|(place, email)| Self {
            id: NoticeId(format!("{}-{place}", self.id.0)),
            email,
            ..self.clone()
        });
        let to_others: Vec<_> = to_others.collect();
        iter::once(self).chain(to_others).collect()
    }
}

/// The addresses that get a notice besides the account's own, each once. An invalid one is empty, and
/// so is the one that stands for all beyond [`OtherRecipients::MAX`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OtherRecipients(Vec<String>);

impl OtherRecipients {
    pub const MAX: usize = 5;

    /// The recipients besides `account`, of the texts that the users table has for them.
    pub fn of(account: &str, stored: &[String]) -> Self {
        let mut others: Vec<Option<EmailAddress>> = Vec::new();
        for text in stored {
            let address = EmailAddress::parse(text).ok();
            let is_known = address.as_ref().is_some_and(|address| {
                let mut known = others.iter().flatten();
                address.matches(account) || known.any(|it| it.normalised() == address.normalised())
            });
            if is_known {
                continue;
            }
            if others.len() == Self::MAX {
                others.push(None);
                break;
            }
            others.push(address);
        }
        let others = others.iter().map(|it| it.as_ref().map(EmailAddress::typed));
        Self(others.map(|it| it.unwrap_or_default().to_owned()).collect())
    }

    pub const fn from_stored(addresses: Vec<String>) -> Self {
        Self(addresses)
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn others(stored: &[&str]) -> Vec<String> {
        let stored: Vec<_> = stored.iter().map(|it| (*it).to_owned()).collect();
        OtherRecipients::of("Ann@example.com", &stored).0
    }

    #[test]
    fn each_address_is_told_once_and_the_account_s_own_by_its_own_mail() {
        let found = others(&[
            "ann@EXAMPLE.com",
            " Bob@b.example",
            "bob@b.example",
            "c@c.example",
        ]);
        assert_eq!(found, ["Bob@b.example", "c@c.example"]);
        assert_eq!(others(&[]), [""; 0]);
    }

    #[test]
    fn what_is_no_address_keeps_its_place_and_nothing_else() {
        assert_eq!(
            others(&["nobody", "", "c@c.example"]),
            ["", "", "c@c.example"]
        );
    }

    #[test]
    fn one_place_stands_for_all_beyond_the_most() {
        let many: Vec<_> = (0..9).map(|n| format!("{n}@b.example")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        let found = others(&many);
        assert_eq!(found[..5], many[..5]);
        assert_eq!(found[5..], [""]);
        assert_eq!(others(&many[..5]), many[..5]);
    }

    #[test]
    fn every_mail_of_a_change_has_an_id_of_its_own_and_the_item_in_common() {
        let notice = Notice {
            id: NoticeId::from_random([7; 16]),
            app: AppId::new("main").expect("an id"),
            user_key: UserKey::text("1".into()),
            email: "ann@example.com".into(),
            others: OtherRecipients(vec!["b@b.example".into(), String::new()]),
            locale: None,
            changed_at: Timestamp::default(),
        };
        let id = notice.id.clone();
        let mails = notice.mails();
        assert_eq!(mails[0].id, id);
        assert!(mails.iter().all(|it| it.id.change() == id.as_str()));
        assert!(
            mails
                .iter()
                .all(|it| it.others == OtherRecipients::default())
        );
        let who: Vec<_> = mails
            .iter()
            .map(|it| (it.id.other(), it.email.as_str()))
            .collect();
        let expected = [
            (None, "ann@example.com"),
            (Some("1"), "b@b.example"),
            (Some("2"), ""),
        ];
        assert_eq!(who, expected);
    }
}
