use super::outcome::Step;
use super::send::{Origin, PreparedMail};
use super::{JobError, JobOutcome, Worker, WorkerPorts};
use crate::domain::{App, Notice, OtherRecipients, SkipReason};
use crate::ports::{ChangedMail, MailComposer as _, Notices as _, UserDirectory as _};

/// A notice whose mail has not been dealt with.
pub(super) struct NoticeDraft<'j> {
    notice: &'j Notice,
    app: &'j App,
}

impl<P: WorkerPorts> Worker<P> {
    pub(super) async fn draft_notice<'j>(&'j self, notice: &'j Notice) -> Step<NoticeDraft<'j>> {
        let app = self
            .apps
            .get(&notice.app)
            .ok_or_else(|| JobError::Broken(format!("no app {:?}", notice.app.as_str())))?;
        if let Some(reason) = unmailable(notice) {
            return Err(JobOutcome::Skipped { reason }.into());
        }
        let before = self.store.notice_delivery(&notice.id).await?;
        if before.is_some_and(|delivery| delivery.state.is_final()) {
            return Err(JobOutcome::Duplicate.into());
        }
        Ok(NoticeDraft { notice, app })
    }

    /// The mail that tells a person that the password was changed.
    pub(super) async fn write_notice<'j>(&self, draft: NoticeDraft<'j>) -> Step<PreparedMail<'j>> {
        let NoticeDraft { notice, app } = draft;
        // Only for the name and the language: the warning goes out even if the account is gone by now.
        let user = self.users.get(&notice.app, &notice.user_key).await?;
        let mail = self.composer.changed(&ChangedMail {
            app,
            notice,
            user: user.as_ref(),
            request_link: &self.page_urls.request(&app.id),
        })?;
        Ok(PreparedMail {
            mail,
            // A warning does not wait for the cap: a person who fills the cap could silence it.
            slot: None,
            shares_address: false,
            origin: Origin::Notice(notice),
        })
    }
}

/// Why another recipient gets no mail. The account's own address always gets one.
fn unmailable(notice: &Notice) -> Option<SkipReason> {
    let place = notice.id.other().filter(|_| notice.email.is_empty())?;
    Some(match place.parse::<usize>() {
        Ok(place) if place <= OtherRecipients::MAX => SkipReason::InvalidAddress,
        _ => SkipReason::TooManyAddresses,
    })
}
