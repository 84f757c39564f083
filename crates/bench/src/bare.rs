//! The least that a request can cost: routing and a constant answer, nothing else.

use crate::Fault;
use axum::Router;
use axum::routing::get;
use std::net::SocketAddr;

/// Serves until it is ended.
///
/// # Errors
/// If the address cannot be listened on.
pub async fn serve(listen: SocketAddr) -> Result<(), Fault> {
    let router = Router::new().route("/bare", get(async || "ok"));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    Ok(axum::serve(listener, router).await?)
}
