use std::mem::take;

use askama::Template;

use super::layout::{Layout, Page};
use crate::domain::{Limits, PageUrls, PasswordPolicy, ShortCode};
use crate::http::context::RequestContext;
use crate::http::problem::{FieldError, Problem};
use crate::i18n::{Around, Translator};

/// Declares the pages: templates that share a layout.
macro_rules! pages {
    ($($page:ident),*) => {
        $(impl Page for $page<'_> {
            fn layout(&self) -> &Layout<'_> {
                &self.layout
            }
        })*
    };
}

pages!(
    RequestPage,
    SentPage,
    CodePage,
    ResetPage,
    DonePage,
    CancelPage,
    CancelledPage,
    UsedPage,
    ProblemPage
);

/// What went wrong when a form was sent: field by field, and as a whole.
#[derive(Default)]
pub(in crate::http) struct FormErrors {
    email: String,
    code: String,
    password: String,
    confirm: String,
    whole: Vec<String>,
}

impl FormErrors {
    /// A problem, sorted by the fields of a form.
    pub(in crate::http) fn new(problem: &Problem, texts: &Translator<'_>) -> Self {
        let mut errors = Self::default();
        match problem {
            Problem::InvalidRequest(found) => {
                for error in found {
                    errors.add(error, error.sentence(texts));
                }
            }
            Problem::PasswordRejected { .. } => errors.password = problem.explanation(texts),
            // Only forms with a code are shown again then.
            Problem::InvalidToken => errors.code = texts.text("page-code-wrong"),
            _ => errors.whole = problem.sentences(texts),
        }
        errors
    }

    fn add(&mut self, error: &FieldError, sentence: String) {
        let of_field = match error.field.as_str() {
            "email" => &mut self.email,
            "code" => &mut self.code,
            "password" => &mut self.password,
            "confirm" => &mut self.confirm,
            _ => return self.whole.push(sentence),
        };
        if !of_field.is_empty() {
            of_field.push(' ');
        }
        of_field.push_str(&sentence);
    }

    /// Makes the errors of fields that the person cannot change ones of the form as a whole.
    fn about_the_whole(&mut self) {
        let fields = [&mut self.email, &mut self.code].map(take);
        self.whole
            .extend(fields.into_iter().filter(|it| !it.is_empty()));
    }

    /// The field that the person is led to: the first one that is to be corrected; none, if something is
    /// to be read first.
    fn focus(&self, first: &'static str) -> &'static str {
        let fields = [
            ("email", &self.email),
            ("code", &self.code),
            ("password", &self.password),
            ("confirm", &self.confirm),
        ];
        let to_mend = fields.iter().find(|(_, error)| !error.is_empty());
        match to_mend {
            Some((field, _)) if self.whole.is_empty() => field,
            None if self.whole.is_empty() => first,
            _ => "",
        }
    }
}

#[derive(Template)]
#[template(path = "pages/request.html")]
pub(in crate::http) struct RequestPage<'a> {
    layout: Layout<'a>,
    intro: String,
    email: &'a str,
    errors: FormErrors,
    focus: &'static str,
    action: String,
    code_link: String,
}

impl<'a> RequestPage<'a> {
    pub(in crate::http) fn new(
        context: &RequestContext<'a>,
        email: &'a str,
        mut errors: FormErrors,
    ) -> Self {
        Self {
            focus: errors.focus("email"),
            layout: Layout::new(context, "request", "page-request-title")
                .with(take(&mut errors.whole)),
            intro: context.texts.text("page-request-intro"),
            email,
            errors,
            action: of_app(PageUrls::REQUEST, context),
            code_link: of_app(PageUrls::CODE, context),
        }
    }

    /// The page in the place of a link that has expired, filled in for a person who holds that.
    pub(in crate::http) fn after_expiry(context: &RequestContext<'a>, email: &'a str) -> Self {
        Self {
            layout: Layout::new(context, "request", "page-expired-title"),
            intro: context.texts.text("page-expired-text"),
            ..Self::new(context, email, FormErrors::default())
        }
    }
}

/// What is shown after a request, whether or not there is an account.
#[derive(Template)]
#[template(path = "pages/sent.html")]
pub(in crate::http) struct SentPage<'a> {
    layout: Layout<'a>,
    email: &'a str,
    status: String,
    wait: Around,
    time_left: String,
    limit: String,
    resend_after: u64,
    again: String,
    code_action: String,
    errors: FormErrors,
    focus: &'static str,
}

impl<'a> SentPage<'a> {
    pub(in crate::http) fn new(
        context: &RequestContext<'a>,
        email: &'a str,
        limits: &Limits,
    ) -> Self {
        let texts = context.texts;
        let resend_after = limits.address_cooldown.as_secs();
        let span = texts.duration(limits.link_lifetime);
        let count = u64::try_from(limits.address_requests).unwrap_or(u64::MAX);
        let bounds = [("count", count.into()), ("lifetime", span.into())];
        Self {
            layout: Layout::new(context, "sent", "page-sent-title"),
            email,
            status: texts.format("page-sent-status", [("email", email.into())]),
            wait: texts.around("page-sent-wait", "time"),
            time_left: format!("{}:{:02}", resend_after / 60, resend_after % 60),
            limit: texts.format("page-sent-limit", bounds),
            resend_after,
            again: of_app(PageUrls::REQUEST, context),
            code_action: of_app(PageUrls::CODE, context),
            errors: FormErrors::default(),
            focus: "",
        }
    }
}

#[derive(Template)]
#[template(path = "pages/code.html")]
pub(in crate::http) struct CodePage<'a> {
    layout: Layout<'a>,
    email: &'a str,
    intro: String,
    errors: FormErrors,
    focus: &'static str,
    code_action: String,
    again: String,
}

impl<'a> CodePage<'a> {
    pub(in crate::http) fn new(
        context: &RequestContext<'a>,
        email: &'a str,
        mut errors: FormErrors,
    ) -> Self {
        let example = [("example", ShortCode::EXAMPLE.into())];
        Self {
            focus: errors.focus(if email.is_empty() { "email" } else { "code" }),
            layout: Layout::new(context, "code", "page-code-title").with(take(&mut errors.whole)),
            email,
            intro: context.texts.format("page-code-intro", example),
            errors,
            code_action: of_app(PageUrls::CODE, context),
            again: of_app(PageUrls::REQUEST, context),
        }
    }
}

/// What the form for the new password is filled with, and where it goes.
pub(in crate::http) struct ResetForm<'a> {
    pub(in crate::http) email: &'a str,
    /// The code that the person came with; without one they came by a link, which is the form's
    /// own address.
    pub(in crate::http) code: Option<&'a str>,
    /// With it the form may be sent twice.
    pub(in crate::http) key: Option<&'a str>,
    pub(in crate::http) errors: FormErrors,
}

#[derive(Template)]
#[template(path = "pages/reset.html")]
pub(in crate::http) struct ResetPage<'a> {
    layout: Layout<'a>,
    form: ResetForm<'a>,
    errors: FormErrors,
    focus: &'static str,
    action: String,
    policy: PasswordPolicy,
    /// Most characters that a password manager is to make, each of one byte.
    generated_length: usize,
    rule_length: String,
    rule_bytes: String,
}

impl<'a> ResetPage<'a> {
    pub(in crate::http) fn new(context: &RequestContext<'a>, mut form: ResetForm<'a>) -> Self {
        let mut errors = take(&mut form.errors);
        errors.about_the_whole();
        let policy = context.policy;
        let (max, texts) = (policy.max_length, &context.texts);
        let path = form.code.map_or("", |_| PageUrls::PASSWORD_BY_CODE);
        Self {
            focus: errors.focus("password"),
            layout: Layout::new(context, "reset", "page-reset-title").with(take(&mut errors.whole)),
            form,
            errors,
            action: of_app(path, context),
            policy,
            generated_length: policy.max_bytes.map_or(max, |bytes| bytes.min(max)),
            rule_bytes: texts.format(
                "page-rule-bytes",
                [("max", policy.max_bytes.unwrap_or_default().into())],
            ),
            rule_length: texts.format(
                "page-rule-length",
                [("min", policy.min_length.into()), ("max", max.into())],
            ),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/done.html")]
pub(in crate::http) struct DonePage<'a> {
    layout: Layout<'a>,
    seconds: u32,
}

impl<'a> DonePage<'a> {
    /// The page that goes on to the app's login after some seconds.
    pub(in crate::http) fn new(context: &RequestContext<'a>, seconds: u32) -> Self {
        Self {
            layout: Layout::new(context, "done", "page-done-title"),
            seconds,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/cancel.html")]
pub(in crate::http) struct CancelPage<'a> {
    layout: Layout<'a>,
    /// What it is about; left out where nobody has looked up whose link it is.
    intro: Option<String>,
    action: String,
}

impl<'a> CancelPage<'a> {
    /// What the form's field says when its button is pressed.
    pub(in crate::http) const PRESSED: &'static str = "yes";

    pub(in crate::http) fn new(context: &RequestContext<'a>, email: &str) -> Self {
        let values = [("email", email.into())];
        Self {
            intro: Some(context.texts.format("page-cancel-intro", values)),
            ..Self::again(context, FormErrors::default())
        }
    }

    /// The page after it could not be cancelled just now.
    pub(in crate::http) fn again(context: &RequestContext<'a>, mut errors: FormErrors) -> Self {
        Self {
            layout: Layout::new(context, "cancel", "page-cancel-title")
                .with(take(&mut errors.whole)),
            intro: None,
            action: of_app("", context),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/cancelled.html")]
pub(in crate::http) struct CancelledPage<'a> {
    layout: Layout<'a>,
}

impl<'a> CancelledPage<'a> {
    pub(in crate::http) fn new(context: &RequestContext<'a>) -> Self {
        Self {
            layout: Layout::new(context, "cancelled", "page-cancelled-title"),
        }
    }
}

/// The page in the place of a link that has changed the password.
#[derive(Template)]
#[template(path = "pages/used.html")]
pub(in crate::http) struct UsedPage<'a> {
    layout: Layout<'a>,
}

impl<'a> UsedPage<'a> {
    pub(in crate::http) fn new(context: &RequestContext<'a>) -> Self {
        Self {
            layout: Layout::new(context, "used", "page-used-title"),
        }
    }
}

/// The page for whatever a form cannot fix.
#[derive(Template)]
#[template(path = "pages/problem.html")]
pub(in crate::http) struct ProblemPage<'a> {
    layout: Layout<'a>,
    errors: Vec<String>,
    /// Where a new link can be had, where that is what the person may want.
    again: Option<String>,
    /// The address that was typed before, if one was.
    email: &'a str,
}

impl<'a> ProblemPage<'a> {
    /// A link or a code that is not alive, or no longer.
    pub(in crate::http) fn dead_link(context: &RequestContext<'a>, email: &'a str) -> Self {
        Self {
            layout: Layout::new(context, "problem", "page-dead-title"),
            errors: vec![context.texts.text("page-dead-text")],
            again: Some(of_app(PageUrls::REQUEST, context)),
            email,
        }
    }

    /// A link that cannot cancel anything any more. Nobody who followed it wants a new one.
    pub(in crate::http) fn nothing_to_cancel(context: &RequestContext<'a>) -> Self {
        Self {
            layout: Layout::new(context, "problem", "page-gone-title"),
            errors: vec![context.texts.text("page-gone-text")],
            again: None,
            email: "",
        }
    }

    pub(in crate::http) fn new(context: &RequestContext<'a>, problem: &Problem) -> Self {
        // While resets are off, no link to the request page.
        let on = *problem != Problem::ResetDisabled;
        Self {
            layout: Layout::new(context, "problem", "page-problem-title"),
            errors: problem.sentences(&context.texts),
            again: on.then(|| of_app(PageUrls::REQUEST, context)),
            email: "",
        }
    }
}

/// A page of this deployment's, for the same app. What an app's id is made of needs no encoding.
fn of_app(path: &str, context: &RequestContext<'_>) -> String {
    format!("{path}?app={}", context.app.id.as_str())
}
