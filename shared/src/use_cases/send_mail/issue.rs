use super::{JobError, JobOutcome, Look, SendMail};
use crate::domain::{
    App, CodeHash, Delivery, DeliveryState, LinkSecret, LinkToken, LinkValues, Locator,
    ResetRecord, ResetRequest, SecretHash, ShortCode, SignInElsewhere, User,
};
use crate::ports::{
    Clock, CodeHasher, ElsewhereMail, Entropy, FailureLog, Issuing, Lookup, MailComposer,
    MailQuota, MailSlot, Mailer, Notices, OutgoingMail, Pause, ResetMail, Saved as RecordSaved,
    UserDirectory,
};

/// Times that a record is written anew when somebody else changed it in between.
const SAVE_ATTEMPTS: usize = 5;
/// Why nobody is mailed whose address no account has.
const UNKNOWN_ADDRESS: &str = "unknown-address";

/// What was drawn for one mail.
struct Secrets {
    token: LinkToken,
    link_hash: SecretHash,
    code: ShortCode,
    code_hash: CodeHash,
}

/// Who gets the mail, or why nobody does.
enum Addressee {
    Person(Box<User>),
    /// Somebody who has no password to reset, and is told so.
    Elsewhere(Box<User>, SignInElsewhere),
    Nobody(&'static str),
    /// Several accounts have the address. What one of them was mailed is left alone.
    Several,
}

impl Addressee {
    fn user(&self) -> Option<&User> {
        match self {
            Self::Person(user) => Some(user),
            Self::Elsewhere(..) | Self::Nobody(_) | Self::Several => None,
        }
    }

    /// Why there is nobody to mail.
    const fn skipped(&self) -> Option<&'static str> {
        match self {
            Self::Person(_) | Self::Elsewhere(..) => None,
            Self::Nobody(reason) => Some(reason),
            Self::Several => Some("ambiguous-address"),
        }
    }
}

/// What the record was made into.
enum Saved {
    /// Everything is written, for this addressee.
    For(Addressee),
    /// A concurrent run has done the job.
    DoneElsewhere,
}

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
    /// Issues a token for every request, known address or not, and mails it where there is somebody
    /// to mail it to. What is stored differs only in things that nobody outside can read.
    pub(super) async fn issue(
        &self,
        request: &ResetRequest,
        look: Look,
    ) -> Result<JobOutcome, JobError> {
        let app = self
            .apps
            .get(&request.app)
            .ok_or_else(|| JobError::Broken(format!("no app {:?}", request.app.as_str())))?;
        let locator = request.locator();
        let Some(record) = self.load_unless_done(&locator, request).await? else {
            return Ok(JobOutcome::Duplicate);
        };
        let addressee = self.addressee(request, &record).await?;
        if look == Look::First && matches!(addressee, Addressee::Nobody(UNKNOWN_ADDRESS)) {
            return Ok(JobOutcome::LookAgain);
        }
        // Before anything is drawn or written: a job that waits costs little and replaces no code.
        let slot = match &addressee {
            Addressee::Person(_) | Addressee::Elsewhere(..) => Some(self.take_slot().await?),
            Addressee::Nobody(_) | Addressee::Several => None,
        };
        let secrets = self.draw(locator)?;
        let saved = self.save(&locator, request, record, addressee, &secrets);
        match (saved.await, slot) {
            (Ok(Saved::For(Addressee::Person(user))), Some(slot)) => {
                let mail = self.reset_mail(app, request, &user, &secrets)?;
                self.mail(request, &locator, &mail, &secrets, slot).await
            }
            (Ok(Saved::For(Addressee::Elsewhere(user, elsewhere))), Some(slot)) => {
                let mail = self.composer.elsewhere(&ElsewhereMail {
                    app,
                    user: &user,
                    request,
                    elsewhere: &elsewhere,
                })?;
                self.mail(request, &locator, &mail, &secrets, slot).await
            }
            (saved, slot) => {
                if let Some(slot) = slot {
                    self.return_slot(slot).await;
                }
                unmailed(&saved?)
            }
        }
    }

    async fn load_unless_done(
        &self,
        locator: &Locator,
        request: &ResetRequest,
    ) -> Result<Option<ResetRecord>, JobError> {
        let record = self.store.load(locator).await?.unwrap_or_else(|| {
            ResetRecord::empty(request.app.clone(), request.email.normalised().to_owned())
        });
        let done = record
            .deliveries
            .get(&request.id)
            .is_some_and(|delivery| delivery.state.is_final());
        Ok((!done || sabotaged!(DeliveriesForgotten)).then_some(record))
    }

    /// Whose address it is.
    ///
    /// The record knows whom the address belonged to before. That person is asked for once more:
    /// an index lags, and another spelling may not be found by it, but a request that finds nobody
    /// must never be a way to kill what somebody was mailed.
    async fn addressee(
        &self,
        request: &ResetRequest,
        record: &ResetRecord,
    ) -> Result<Addressee, JobError> {
        let found = self
            .users
            .find_by_email(&request.app, &request.email)
            .await?;
        let known = match (&record.user_key, &found) {
            (None, _) => None,
            (Some(key), Lookup::Found(user)) if user.key == *key => None,
            (Some(key), _) => self.users.get(&request.app, key).await?,
        };
        let known = known.filter(|user| request.email.matches(&user.email));
        Ok(match (found, known) {
            (Lookup::Ambiguous, _) | (Lookup::Found(_), Some(_)) => Addressee::Several,
            (Lookup::Found(user), None) => person(user),
            (Lookup::Nobody, Some(user)) => person(Box::new(user)),
            (Lookup::Nobody, None) => Addressee::Nobody(UNKNOWN_ADDRESS),
        })
    }

    fn draw(&self, locator: Locator) -> Result<Secrets, JobError> {
        let mut secret = [0; LinkSecret::BYTES];
        self.entropy.fill(&mut secret)?;
        let mut code = [0; ShortCode::LENGTH];
        self.entropy.fill(&mut code)?;
        let token = LinkToken::new(locator, LinkSecret::from_random(secret));
        let code = ShortCode::from_random(code);
        Ok(Secrets {
            link_hash: token.secret_hash(),
            code_hash: self.hasher.hash_code(&code)?,
            token,
            code,
        })
    }

    /// Writes the record with the new secrets. Whoever changed it in between may have changed the
    /// account too, so the addressee is looked up anew each time.
    async fn save(
        &self,
        locator: &Locator,
        request: &ResetRequest,
        mut record: ResetRecord,
        mut addressee: Addressee,
        secrets: &Secrets,
    ) -> Result<Saved, JobError> {
        for _ in 0..SAVE_ATTEMPTS {
            self.add_to(&mut record, request, &addressee, secrets)?;
            if self.store.save(locator, &record).await? == RecordSaved::Saved {
                return Ok(Saved::For(addressee));
            }
            match self.load_unless_done(locator, request).await? {
                Some(newer) => record = newer,
                None => return Ok(Saved::DoneElsewhere),
            }
            addressee = self.addressee(request, &record).await?;
        }
        Err(JobError::Retry("the record kept changing".to_owned()))
    }

    fn add_to(
        &self,
        record: &mut ResetRecord,
        request: &ResetRequest,
        addressee: &Addressee,
        secrets: &Secrets,
    ) -> Result<(), JobError> {
        let now = self.clock.now();
        let taken = record.user_key.is_some();
        if !(taken && matches!(addressee, Addressee::Several)) {
            record.assign(addressee.user(), &request.email);
            let code = secrets.code_hash.clone();
            if !record.add_secrets(&secrets.link_hash, code, &self.limits, now) {
                return Err(JobError::Retry("too many live links".to_owned()));
            }
        }
        let (state, detail) = match addressee.skipped() {
            None => (DeliveryState::Pending, None),
            reason => (DeliveryState::Skipped, reason),
        };
        record.note_delivery(request.id.clone(), Delivery::new(state, now, detail));
        Ok(())
    }

    fn reset_mail(
        &self,
        app: &App,
        request: &ResetRequest,
        user: &User,
        secrets: &Secrets,
    ) -> Result<OutgoingMail, JobError> {
        let chosen = request.reset_url.as_deref();
        if chosen.is_some_and(|template| app.check_redirect(template).is_err()) {
            tracing::warn!(
                "a link of the caller's choice is not allowed, so the app's own is mailed"
            );
        }
        let token = secrets.token.expose();
        let code = secrets.code.expose();
        let values = LinkValues {
            base_url: sabotage!(
                LinkFollowsRequest => crate::sabotage::overheard_origin(self.own_pages.base_url()),
                else self.own_pages.base_url()
            ),
            token: &token,
            code: &code,
            email: &user.email,
        };
        Ok(self.composer.reset(&ResetMail {
            app,
            user,
            request,
            link: &app.reset_link(&values, chosen),
            cancel_link: &self.own_pages.cancel(&app.id, &token),
            code: &code,
            limits: &self.limits,
        })?)
    }

    async fn mail(
        &self,
        request: &ResetRequest,
        locator: &Locator,
        mail: &OutgoingMail,
        secrets: &Secrets,
        slot: MailSlot,
    ) -> Result<JobOutcome, JobError> {
        let (delivery, conclusion) = self.conclude(self.hand_over(mail, slot).await);
        if let Some(delivery) = delivery {
            let unmailed = (delivery.state != DeliveryState::Sent).then_some(&secrets.link_hash);
            self.note(&delivery, || {
                self.store
                    .note_delivery(locator, &request.id, &delivery, unmailed)
            })
            .await;
        }
        conclusion
    }
}

/// What a job has come to for which there was nobody to mail at first.
fn unmailed(saved: &Saved) -> Result<JobOutcome, JobError> {
    match saved {
        Saved::DoneElsewhere => Ok(JobOutcome::Duplicate),
        Saved::For(Addressee::Person(_) | Addressee::Elsewhere(..)) => {
            Err(JobError::Retry("the account has only just come".to_owned()))
        }
        Saved::For(nobody) => Ok(JobOutcome::Skipped {
            reason: nobody.skipped().unwrap_or_default(),
        }),
    }
}

/// Whether a person who was found gets mail, and which.
fn person(user: Box<User>) -> Addressee {
    if user.disabled {
        return Addressee::Nobody("account-disabled");
    }
    match user.elsewhere.clone() {
        Some(elsewhere) => Addressee::Elsewhere(user, elsewhere),
        None => Addressee::Person(user),
    }
}
