//! Servers in this process.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// An HTTP server that stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    url: String,
    // Never sent to: dropping it is the signal.
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub fn start(listener: TcpListener, router: Router) -> io::Result<Self> {
        Self::spawn(listener, |listener, stop| async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            let server = axum::serve(listener, service).with_graceful_shutdown(stop);
            // Only accepting can fail, and axum retries that itself.
            let _ = server.await;
        })
    }

    /// Runs any server that takes a listener and a signal to stop.
    pub(crate) fn spawn<F, R>(listener: TcpListener, serve: F) -> io::Result<Self>
    where
        F: FnOnce(TcpListener, Stop) -> R,
        R: Future<Output = ()> + Send + 'static,
    {
        let url = format!("http://{}", listener.local_addr()?);
        let (sender, receiver) = oneshot::channel::<()>();
        let stop: Stop = Box::pin(async move {
            let _ = receiver.await;
        });
        tokio::spawn(serve(listener, stop));
        Ok(Self { url, _stop: sender })
    }

    /// Where it answers, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Resolves when the server must stop.
pub(crate) type Stop = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
