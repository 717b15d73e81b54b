use super::outcome::Step;
use super::send::{Origin, PreparedMail};
use super::{JobError, JobOutcome, Worker, WorkerPorts};
use crate::domain::{
    App, Delivery, DeliveryState, ExternalSignIn, IssuedSecrets, LinkSecret, LinkToken, LinkValues,
    Locator, MailId, Owner, ResetRecord, ResetRequest, SecretState, ShortCode, SkipReason, User,
    UserKey, UserLookup,
};
use crate::ports::{
    Clock as _, CodeHasher as _, Entropy as _, ExternalSignInMail, HashError, MailComposer as _,
    OutgoingMail, ResetMail, ResetRecordStore as _, ResetRecords as _, SAVE_ATTEMPTS, SaveOutcome,
    UserDirectory as _,
};

struct Secrets {
    token: LinkToken,
    code: ShortCode,
    stored: IssuedSecrets,
    /// What tells the mail from others; no secret.
    mail_id: MailId,
}

/// Who gets the mail, or why nobody does.
enum Addressee {
    Person {
        user: Box<User>,
        /// Whether other accounts have the address in another spelling.
        shares_address: bool,
    },
    /// A person who has no password to reset, and gets a mail that says so.
    ExternalSignIn(Box<User>, ExternalSignIn),
    Nobody(SkipReason),
    /// Several accounts have the address. What one of them was mailed is left alone.
    Ambiguous,
    /// Somebody with a mail whose link works, while the cap has no room for another one.
    HasWorkingLink,
}

impl Addressee {
    fn user(&self) -> Option<&User> {
        match self {
            Self::Person { user, .. } => Some(user),
            Self::ExternalSignIn(..) | Self::Nobody(_) | Self::Ambiguous | Self::HasWorkingLink => {
                None
            }
        }
    }

    const fn shares_address(&self) -> bool {
        match self {
            Self::Person { shares_address, .. } => *shares_address,
            _ => false,
        }
    }

    /// Why there is nobody to mail.
    const fn skipped(&self) -> Option<SkipReason> {
        match self {
            Self::Person { .. } | Self::ExternalSignIn(..) => None,
            Self::Nobody(reason) => Some(*reason),
            Self::Ambiguous => Some(SkipReason::AmbiguousAddress),
            Self::HasWorkingLink => Some(SkipReason::RepeatOverCap),
        }
    }
}

/// A request whose record is loaded and whose secrets are generated.
pub(super) struct ResetDraft<'j> {
    request: &'j ResetRequest,
    app: &'j App,
    locator: Locator,
    record: ResetRecord,
    secrets: Secrets,
}

impl<P: WorkerPorts> Worker<P> {
    /// Loads the record of a request, and generates the secrets of its mail.
    pub(super) async fn draft_reset<'j>(
        &'j self,
        request: &'j ResetRequest,
    ) -> Step<Box<ResetDraft<'j>>> {
        let app = self
            .apps
            .get(&request.app)
            .ok_or_else(|| JobError::Broken(format!("no app {:?}", request.app.as_str())))?;
        let locator = request.locator();
        let Some(record) = self.load_unless_done(&locator, request).await? else {
            return Err(JobOutcome::Duplicate.into());
        };
        if let Some(before) = record.deliveries.get(&request.id) {
            let due = before.due(request.requested_at, self.limits.link_lifetime);
            if self.clock.now() < due {
                let until = due.to_rfc3339();
                return Err(JobError::Retry(format!("the next try is at {until}")).into());
            }
        }
        Ok(Box::new(ResetDraft {
            request,
            app,
            secrets: self.generate_secrets(locator, &record)?,
            locator,
            record,
        }))
    }

    /// Issues a token for every request, known address or not, and writes a mail, which goes out
    /// where there is somebody to mail it to. What is stored differs only in things that nobody
    /// outside can read.
    pub(super) async fn write_reset<'j>(
        &self,
        draft: Box<ResetDraft<'j>>,
    ) -> Step<PreparedMail<'j>> {
        let ResetDraft {
            request,
            app,
            locator,
            mut record,
            mut secrets,
        } = *draft;
        let mut addressee = self.addressee(request, &mut record).await?;
        let unclear_tries = record.unclear_tries(&request.id);
        let mut slot = None;
        if addressee.skipped().is_none() {
            // Before anything is written: a job that waits begins no round of codes.
            let user = addressee.user().map(|user| &user.key);
            slot = self.acquire_slot(&record, user).await?;
            if slot.is_none() {
                addressee = Addressee::HasWorkingLink;
            }
        }
        let saved = self.save(&locator, request, record, addressee, &mut secrets);
        let mail = match saved.await {
            Ok(Some(addressee)) => self
                .compose(app, request, &addressee, &secrets)
                .map(|mail| (addressee, mail)),
            Ok(None) => Err(JobOutcome::Duplicate.into()),
            Err(error) => Err(error.into()),
        };
        let ended = match mail {
            Ok((addressee, mail)) if addressee.skipped().is_none() && slot.is_some() => {
                return Ok(PreparedMail {
                    mail,
                    slot,
                    shares_address: addressee.shares_address(),
                    origin: Origin::Reset {
                        request,
                        locator,
                        secrets: secrets.stored,
                        unclear_tries,
                    },
                });
            }
            Ok((addressee, _)) => match addressee.skipped() {
                Some(reason) => JobOutcome::Skipped { reason }.into(),
                None => JobError::Retry("the account has only just come".to_owned()).into(),
            },
            Err(ended) => ended,
        };
        self.release_slot(slot).await;
        Err(ended)
    }

    async fn load_unless_done(
        &self,
        locator: &Locator,
        request: &ResetRequest,
    ) -> Result<Option<ResetRecord>, JobError> {
        let record =
            self.store.load(locator).await?.unwrap_or_else(|| {
                ResetRecord::empty(request.app.clone(), request.email.normalised())
            });
        let done = record
            .deliveries
            .get(&request.id)
            .is_some_and(|delivery| delivery.state.is_final());
        Ok((!done).then_some(record))
    }

    /// Whose address it is.
    ///
    /// The record says which accounts had the address before, and those are read again: an index lags,
    /// and may not find another spelling. A request that finds nobody must not kill the links of an
    /// account that is there. Links of an account that has changed since are dead, and stay so.
    async fn addressee(
        &self,
        request: &ResetRequest,
        record: &mut ResetRecord,
    ) -> Result<Addressee, JobError> {
        let found = self
            .users
            .find_by_email(&request.app, &request.email)
            .await?;
        let is_ambiguous = matches!(found, UserLookup::Ambiguous);
        let is_shared = matches!(found, UserLookup::Nearest(_));
        let mut users = match found {
            UserLookup::Found(user) | UserLookup::Nearest(user) => vec![*user],
            UserLookup::Nobody | UserLookup::Ambiguous => Vec::new(),
        };
        for (place, owner) in record.owners.clone().into_iter().enumerate() {
            let Some(key) = &owner.user_key else { continue };
            let known = users.iter().find(|user| user.key == *key).cloned();
            let is_new = known.is_none();
            let known = match known {
                Some(user) => Some(user),
                None => self.users.get(&request.app, key).await?,
            };
            if !known.as_ref().is_some_and(|user| owner.is_still(user)) {
                record.end(Some(place), SecretState::Killed, self.clock.now());
            }
            let known = known.filter(|user| is_new && request.email.matches(&user.email));
            users.extend(known);
        }
        if is_ambiguous {
            return Ok(Addressee::Ambiguous);
        }
        Ok(match UserLookup::among(users, &request.email) {
            UserLookup::Found(user) => person(user, is_shared),
            UserLookup::Nearest(user) => person(user, true),
            UserLookup::Ambiguous => Addressee::Ambiguous,
            UserLookup::Nobody => Addressee::Nobody(SkipReason::UnknownAddress),
        })
    }

    fn generate_secrets(
        &self,
        locator: Locator,
        record: &ResetRecord,
    ) -> Result<Secrets, HashError> {
        let token = LinkToken::new(locator, LinkSecret::from_random(self.entropy.bytes()?));
        let code = ShortCode::from_random(self.entropy.bytes()?);
        let mail_id = MailId::from_random(self.entropy.bytes()?);
        let salt = match record.codes.salt_to_join(self.clock.now()) {
            Some(salt) => salt.clone(),
            None => self.hasher.code_salt()?,
        };
        let stored = IssuedSecrets {
            link: token.secret_hash(),
            code: self.hasher.hash_code(&code, &salt)?,
            salt,
        };
        Ok(Secrets {
            token,
            code,
            stored,
            mail_id,
        })
    }

    /// Hashes the code anew if it was to join others, and there are others now.
    fn rehash(&self, secrets: &mut Secrets, record: &ResetRecord) -> Result<(), JobError> {
        let salt = record.codes.salt_to_join(self.clock.now());
        if let Some(salt) = salt.filter(|salt| **salt != secrets.stored.salt) {
            secrets.stored.code = self.hasher.hash_code(&secrets.code, salt)?;
            secrets.stored.salt = salt.clone();
        }
        Ok(())
    }

    /// Writes the record with the new secrets, and gives whom they are for; none where a concurrent run
    /// has done the job. Another writer may have changed the account too, so the addressee is looked up
    /// anew each time.
    async fn save(
        &self,
        locator: &Locator,
        request: &ResetRequest,
        mut record: ResetRecord,
        mut addressee: Addressee,
        secrets: &mut Secrets,
    ) -> Result<Option<Addressee>, JobError> {
        for _ in 0..SAVE_ATTEMPTS {
            self.add_to(&mut record, request, &addressee, secrets)?;
            if self.store.save(locator, &record).await? == SaveOutcome::Saved {
                return Ok(Some(addressee));
            }
            match self.load_unless_done(locator, request).await? {
                Some(newer) => record = newer,
                None => return Ok(None),
            }
            addressee = self.addressee(request, &mut record).await?;
            self.rehash(secrets, &record)?;
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
        let is_left_alone = match addressee {
            Addressee::Ambiguous => record.owners.iter().any(|it| it.user_key.is_some()),
            Addressee::HasWorkingLink => true,
            Addressee::Person { .. } | Addressee::ExternalSignIn(..) | Addressee::Nobody(_) => {
                false
            }
        };
        let nobody = || Owner::nobody(request.email.normalised());
        let whose = addressee.user().map_or_else(nobody, Owner::of);
        if !is_left_alone && !record.add_secrets(whose, &secrets.stored, &self.limits, now) {
            return Err(JobError::Retry("too many live links".to_owned()));
        }
        let (state, detail) = match addressee.skipped() {
            None => (DeliveryState::Pending, None),
            Some(reason) => (DeliveryState::Skipped, Some(reason.into())),
        };
        let delivery = Delivery::new(state, now, detail)
            .of_link(&secrets.stored.link)
            .after_unclear_tries(record.unclear_tries(&request.id));
        record.record_delivery(request.id.clone(), delivery);
        Ok(())
    }

    /// The mail to the addressee. It is composed where there is none too, and not sent.
    fn compose(
        &self,
        app: &App,
        request: &ResetRequest,
        addressee: &Addressee,
        secrets: &Secrets,
    ) -> Step<OutgoingMail> {
        Ok(match addressee {
            Addressee::Person { user, .. } => self.reset_mail(app, request, user, secrets)?,
            Addressee::ExternalSignIn(user, external_sign_in) => {
                self.composer.external_sign_in(&ExternalSignInMail {
                    app,
                    user,
                    request,
                    external_sign_in,
                })?
            }
            Addressee::Nobody(_) | Addressee::Ambiguous | Addressee::HasWorkingLink => {
                self.reset_mail(app, request, &placeholder(request), secrets)?
            }
        })
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
            base_url: self.page_urls.base_url(),
            token: &token,
            code: &code,
            email: &user.email,
        };
        Ok(self.composer.reset(&ResetMail {
            app,
            user,
            request,
            link: &app.reset_link(&values, chosen),
            cancel_link: &self.page_urls.cancel(&app.id, &token),
            code: &code,
            limits: &self.limits,
            id: &secrets.mail_id,
        })?)
    }
}

/// A user with the address that was asked for, where there is no account.
fn placeholder(request: &ResetRequest) -> User {
    User::new(UserKey::text(String::new()), request.email.normalised())
}

/// Whether a person who was found gets mail, and which.
fn person(user: Box<User>, shares_address: bool) -> Addressee {
    if user.disabled {
        return Addressee::Nobody(SkipReason::AccountDisabled);
    }
    match user.external_sign_in.clone() {
        Some(external_sign_in) => Addressee::ExternalSignIn(user, external_sign_in),
        None => Addressee::Person {
            user,
            shares_address,
        },
    }
}
