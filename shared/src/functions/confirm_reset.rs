//! `confirm-reset`: changes the password of a person who proves that the mail reached them.

use std::marker::PhantomData;
use std::process::ExitCode;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::adapters::aws::{dynamodb_client, sdk_config};
use crate::adapters::dynamodb::{DynamoPasswordChanges, DynamoStore, DynamoUsers};
use crate::adapters::{
    Argon2Cost, Argon2Memory, ConfiguredHasher, KnownPasswordsFile, SystemClock, SystemEntropy,
};
use crate::config::{ConfirmConfig, environment};
use crate::http::ConfirmEndpoint;
use crate::ports::{Clock, KnownPasswordsError, Sleep};
use crate::telemetry;
use crate::use_cases::{CancelReset, ConfirmPorts, ConfirmReset, VerifyPorts, VerifyToken};

/// Real DynamoDB.
struct RealPorts<C>(PhantomData<C>);

impl<C: Clock + Sleep> VerifyPorts for RealPorts<C> {
    type Store = DynamoStore;
    type Hasher = ConfiguredHasher<SystemEntropy>;
    type Clock = C;
}

impl<C: Clock + Sleep> ConfirmPorts for RealPorts<C> {
    type Users = DynamoUsers;
    type Changes = DynamoPasswordChanges;
    type Known = KnownPasswordsFile;
    type Entropy = SystemEntropy;
}

/// The function over real DynamoDB.
pub struct ConfirmFunction<C: Clock + Sleep>(ConfirmEndpoint<RealPorts<C>>);

impl<C: Clock + Sleep + Clone> ConfirmFunction<C> {
    /// The function with these settings.
    ///
    /// # Errors
    ///
    /// When the list of known passwords is not there or is none.
    pub fn new(
        config: ConfirmConfig,
        hasher: ConfiguredHasher<SystemEntropy>,
        sdk: &SdkConfig,
        clock: C,
    ) -> Result<Self, KnownPasswordsError> {
        let known = config.known_passwords.as_deref();
        let known = known.map(KnownPasswordsFile::open).transpose()?;
        let dynamodb = dynamodb_client(sdk);
        let limits = config.http.common.limits;
        let store = config.http.common.store(dynamodb.clone());
        let users = DynamoUsers::new(dynamodb, config.users);
        Ok(Self(ConfirmEndpoint {
            cancel: CancelReset {
                store: store.clone(),
                clock: clock.clone(),
            },
            use_case: ConfirmReset {
                changes: DynamoPasswordChanges::new(store.clone(), users.clone()),
                users,
                verify: VerifyToken {
                    store,
                    hasher,
                    clock,
                },
                entropy: SystemEntropy,
                policy: config.http.policy,
                limits,
                known,
            },
            settings: config.http.settings(),
        }))
    }

    /// Opens the connection to DynamoDB, and waits until argon2's memory is there, before anybody
    /// waits for either.
    pub async fn warm_up(&self) {
        let verify = &self.0.use_case.verify;
        verify.store.warm_up_by_read().await;
        verify.hasher.ready();
    }
}

/// Answers one event of the HTTP API. Whatever goes wrong is an answer.
pub async fn handle<C: Clock + Sleep>(
    function: &ConfirmFunction<C>,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    function.0.handle(event).await
}

/// Runs the function until its environment ends.
///
/// # Panics
///
/// When the system has no event loop to give.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    telemetry::exit_code(serve().await)
}

async fn serve() -> Result<(), Error> {
    // First, because it is made ready beside everything else, which the settings are part of. Where
    // hashes cost more than usual, it grows at the end of the start.
    let memory = Argon2Memory::prepared(Argon2Cost::default());
    let config = ConfirmConfig::read(environment)?;
    let hasher = ConfiguredHasher::new(config.hashing, memory, SystemEntropy)?;
    let common = &config.http.common;
    common.start_telemetry("confirm-reset");
    let sdk = sdk_config(common.aws.clone());
    let function = ConfirmFunction::new(config, hasher, &sdk, SystemClock)?;
    function.warm_up().await;
    let answer =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle(&function, event.payload).await);
    lambda_runtime::run(service_fn(answer)).await
}
