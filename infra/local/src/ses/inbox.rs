use askama::Template;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Mail;

/// The page's policy. A frame without an address of its own inherits it, so no mail runs a script.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     img-src data: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The most mails on the page, and the most events; the store has them all.
const MAX_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox<'a> {
    mails: Vec<Entry<'a>>,
    total: usize,
    /// Each with its detail type, its time, and all of it.
    events: Vec<(String, String, String)>,
}

struct Entry<'a> {
    mail: &'a Mail,
    time: String,
    headers: Vec<(&'static str, String)>,
}

/// The page with the newest mails and events first.
pub(super) fn render(mails: &[Mail], events: &[Value]) -> String {
    let page = Inbox {
        mails: mails.iter().rev().take(MAX_SHOWN).map(Entry::new).collect(),
        total: mails.len(),
        events: events.iter().rev().take(MAX_SHOWN).map(shown).collect(),
    };
    page.render()
        .unwrap_or_else(|error| format!("the inbox cannot be shown: {error}"))
}

fn shown(event: &Value) -> (String, String, String) {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    (text("detail-type"), text("time"), format!("{event:#}"))
}

impl<'a> Entry<'a> {
    fn new(mail: &'a Mail) -> Self {
        let headers = [
            ("From", mail.from.clone()),
            ("To", mail.to.join(", ")),
            ("Cc", mail.cc.join(", ")),
            ("Bcc", mail.bcc.join(", ")),
            ("Reply-To", mail.reply_to.join(", ")),
            ("Message-ID", mail.message_id.clone()),
            (
                "Configuration set",
                mail.configuration_set.clone().unwrap_or_default(),
            ),
        ];
        Self {
            mail,
            time: format_time(mail.at),
            headers: headers
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        }
    }
}

fn format_time(at: u64) -> String {
    i64::try_from(at)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = r#""><script>alert('x')</script><iframe srcdoc="&quot;">"#;

    fn hostile() -> Mail {
        Mail {
            from: HOSTILE.to_owned(),
            to: vec![HOSTILE.to_owned()],
            subject: HOSTILE.to_owned(),
            html: Some(HOSTILE.to_owned()),
            text: Some(HOSTILE.to_owned()),
            headers: vec![(HOSTILE.to_owned(), HOSTILE.to_owned())],
            configuration_set: Some(HOSTILE.to_owned()),
            ..Mail::default()
        }
    }

    #[test]
    fn nothing_of_a_mail_is_markup_of_the_page() {
        let event = serde_json::json!({"detail-type": HOSTILE, "detail": HOSTILE});
        let page = render(&[hostile()], &[event]);
        assert!(!page.contains("<script"), "{page}");
        assert_eq!(page.matches("<iframe").count(), 1);
        assert_eq!(page.matches("srcdoc=\"").count(), 1);
    }

    #[test]
    fn the_newest_mail_comes_first_and_the_page_is_bounded() {
        let mails: Vec<_> = (0..=MAX_SHOWN)
            .map(|number| Mail {
                subject: format!("subject {number}!"),
                ..Mail::default()
            })
            .collect();
        let page = render(&mails, &[]);
        let newest = page.find(&format!("subject {MAX_SHOWN}!")).expect("shown");
        assert!(newest < page.find("subject 1!").expect("shown"));
        assert!(!page.contains("subject 0!"));
    }

    #[test]
    fn an_empty_inbox_says_so() {
        assert!(render(&[], &[]).contains("No mail yet"));
    }
}
