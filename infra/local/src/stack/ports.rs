use std::io;
use std::net::Ipv4Addr;

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;

use super::Config;

/// All ports, held before anything is started.
#[derive(Debug)]
pub(super) struct Ports {
    pub(super) api: TcpListener,
    pub(super) dynamodb: TcpListener,
    pub(super) ses: TcpListener,
    pub(super) invoke: Reserved,
    pub(super) worker: Reserved,
}

/// A port that a child process will take over.
#[derive(Debug)]
pub(super) struct Reserved(TcpListener);

impl Ports {
    pub(super) async fn bind(config: &Config) -> Result<Self> {
        Ok(Self {
            api: bind(config.api_port, "LOCAL_API_PORT").await?,
            dynamodb: bind(config.dynamodb_port, "LOCAL_DYNAMODB_PORT").await?,
            ses: bind(config.ses_port, "LOCAL_SES_PORT").await?,
            invoke: Reserved(bind(config.invoke_port, "LOCAL_INVOKE_PORT").await?),
            worker: Reserved(bind(config.worker_port, "LOCAL_WORKER_PORT").await?),
        })
    }
}

impl Reserved {
    /// Gives the port up for somebody else to bind.
    pub(super) fn release(self) -> io::Result<u16> {
        self.0.local_addr().map(|address| address.port())
    }
}

async fn bind(port: u16, variable: &'static str) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| {
            format!("port {port} cannot be had; free it or set {variable} to another one")
        })
}
