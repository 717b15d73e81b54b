use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use super::plan::Plan;
use super::ports::Ports;
use super::{Config, Endpoints};
use crate::api_gateway::ApiGatewayServer;
use crate::clock::SystemClock;
use crate::demo;
use crate::dynamodb::{DynamoDb, sweep_forever};
use crate::events::{EventBus, Publisher};
use crate::invoke::Invoke;
use crate::lambda::{CargoLambda, Watch};
use crate::ses::Ses;
use crate::stream_poller::StreamPoller;
use crate::template::Template;

/// How often the stream is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
/// How often expired items are deleted.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);
/// The table for the demo account, by logical id.
const USERS_TABLE: &str = "UsersTable";
/// The route that shows that the API answers: it reads nothing and changes nothing.
const SETTINGS_PATH: &str = "/v1/settings";

/// Everything that runs. Dropping it ends the servers and asks the processes to end;
/// [`Stack::stop`] also waits for them.
#[derive(Default)]
pub struct Stack {
    watches: Vec<Watch>,
    stores: Option<(DynamoDb, Ses)>,
    api_gateway: Option<ApiGatewayServer>,
    tasks: JoinSet<()>,
}

impl Stack {
    /// Starts everything and waits until all of it answers. A parameter of the template, and a variable
    /// that it names for a function, takes the value that `environment` has for it, if any.
    ///
    /// What is running when it fails, or when the future is dropped, belongs to `self` and is ended
    /// with it.
    pub async fn start(
        &mut self,
        config: &Config,
        environment: &BTreeMap<String, String>,
    ) -> Result<Endpoints> {
        let ports = Ports::bind(config).await?;
        let plan = Plan::new(config, &ports, environment)?;
        let dynamodb = DynamoDb::start(ports.dynamodb, &plan.template.tables, SystemClock::arc())?;
        let events = EventBus::default();
        let ses = Ses::start(ports.ses, SystemClock::arc(), events.clone())?;
        if let Some(users) = plan.template.table(USERS_TABLE) {
            demo::seed(dynamodb.database(), &users.name)?;
        }
        let endpoints = Endpoints {
            api: plan.api_url.clone(),
            dynamodb: dynamodb.url().to_owned(),
            ses: ses.url().to_owned(),
            invoke_port: ports.invoke.release()?,
            worker_port: ports.worker.release()?,
        };
        crate::log("starting the functions; the first time everything must compile");
        let invoker = self.start_functions(&plan, &endpoints).await?;
        self.start_background(&plan.template, &dynamodb, &events, &invoker)?;
        self.stores = Some((dynamodb, ses));
        self.api_gateway = Some(ApiGatewayServer::start(ports.api, plan.gateway, invoker)?);
        check(&endpoints).await?;
        if let Some(path) = &config.ready_file {
            endpoints.write(path)?;
        }
        Ok(endpoints)
    }

    async fn start_functions(&mut self, plan: &Plan, endpoints: &Endpoints) -> Result<CargoLambda> {
        let mut invoker = CargoLambda::new()?;
        let groups = [
            (&plan.groups.routed, endpoints.invoke_port),
            (&plan.groups.streamed, endpoints.worker_port),
        ];
        let groups: Vec<_> = groups
            .into_iter()
            .filter(|(group, _)| !group.binaries.is_empty())
            .collect();
        for (group, port) in &groups {
            invoker.add(group, *port);
            let options = plan.watch_options(group, *port, endpoints);
            self.watches.push(Watch::start(&options)?);
        }
        for (watch, (group, _)) in self.watches.iter_mut().zip(groups) {
            for id in group.binaries.keys() {
                watch
                    .warm_up(&invoker, id, &plan.harmless_event(id))
                    .await?;
            }
        }
        Ok(invoker)
    }

    fn start_background(
        &mut self,
        template: &Template,
        dynamodb: &DynamoDb,
        events: &EventBus,
        invoker: &CargoLambda,
    ) -> Result<()> {
        for pipe in &template.pipes {
            let database = dynamodb.database().clone();
            let clock = SystemClock::arc();
            let poller =
                StreamPoller::new(database, pipe.mapping.clone(), clock.clone(), crate::log)?;
            let publisher = Publisher::new(pipe.clone(), events.clone(), clock, crate::log)?;
            self.poll_forever(poller, publisher);
        }
        for mapping in &template.streams {
            let database = dynamodb.database().clone();
            let poller =
                StreamPoller::new(database, mapping.clone(), SystemClock::arc(), crate::log)?;
            self.poll_forever(poller, invoker.clone());
        }
        let database = dynamodb.database().clone();
        self.tasks
            .spawn(sweep_forever(database, SWEEP_INTERVAL, crate::log));
        Ok(())
    }

    fn poll_forever(&mut self, poller: StreamPoller, invoker: impl Invoke + Send + 'static) {
        self.tasks.spawn(async move {
            if let Err(error) = poller.run_forever(&invoker, POLL_INTERVAL).await {
                crate::log(&format!("{error:#}"));
            }
        });
    }

    /// Resolves when something has ended that should run until it is stopped, and says what.
    pub async fn failed(&mut self) -> &'static str {
        let watches = self.watches.iter_mut().map(|watch| Box::pin(watch.ended()));
        let watches: Vec<_> = watches.collect();
        if watches.is_empty() {
            return std::future::pending().await;
        }
        tokio::select! {
            _ = futures_util::future::select_all(watches) => "cargo lambda watch ended by itself",
            Some(_) = self.tasks.join_next() => "a background task ended by itself",
        }
    }

    /// Ends everything and waits until it has ended.
    pub async fn stop(&mut self) {
        // First the API, so that nothing new comes in; last the stores, which the functions use.
        drop(self.api_gateway.take());
        self.tasks.shutdown().await;
        let stops = self.watches.iter_mut().map(Watch::stop);
        futures_util::future::join_all(stops).await;
        self.watches.clear();
        drop(self.stores.take());
    }
}

/// Asks every endpoint once.
async fn check(endpoints: &Endpoints) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    for url in [
        format!("{}{SETTINGS_PATH}", endpoints.api),
        endpoints.ses.clone(),
        endpoints.dynamodb.clone(),
    ] {
        let status = client.get(&url).send().await?.status();
        ensure!(status.is_success(), "{url} answers {}", status.as_u16());
    }
    Ok(())
}
