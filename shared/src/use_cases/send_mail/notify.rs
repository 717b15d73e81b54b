use super::{JobError, JobOutcome, SendMail};
use crate::domain::Notice;
use crate::ports::{
    ChangedMail, Clock, CodeHasher, Entropy, FailureLog, Issuing, MailComposer, MailQuota, Mailer,
    Notices, Pause, UserDirectory,
};

impl<S, U, M, L, H, C, E> SendMail<S, U, M, L, H, C, E>
where
    S: Issuing + Notices + FailureLog + MailQuota,
    U: UserDirectory,
    M: Mailer,
    L: MailComposer,
    H: CodeHasher,
    C: Clock + Pause,
    E: Entropy,
{
    /// Tells a person that the password was changed.
    pub(super) async fn notify(&self, notice: &Notice) -> Result<JobOutcome, JobError> {
        let app = self
            .apps
            .get(&notice.app)
            .ok_or_else(|| JobError::Broken(format!("no app {:?}", notice.app.as_str())))?;
        let before = self.store.notice_delivery(&notice.id).await?;
        if before.is_some_and(|delivery| delivery.state.is_final()) {
            return Ok(JobOutcome::Duplicate);
        }
        // Only for the name and the language: the warning goes out even if the account is gone by now.
        let user = self.users.get(&notice.app, &notice.user_key).await?;
        let mail = self.composer.changed(&ChangedMail {
            app,
            notice,
            user: user.as_ref(),
            request_link: &self.own_pages.request(&app.id),
        })?;
        let slot = self.take_slot().await?;
        let (delivery, conclusion) = self.conclude(self.hand_over(&mail, slot).await);
        if let Some(delivery) = delivery {
            self.note(&delivery, || self.store.note_notice(&notice.id, &delivery))
                .await;
        }
        conclusion
    }
}
