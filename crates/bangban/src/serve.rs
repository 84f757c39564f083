//! `bangban serve`: pages and API, the job loop, and with `--demo` the demo, loaded while pages already answer.

use crate::manage::{accounts, load_demo};
use crate::say::{Failure, say, tell};
use crate::settings::Settings;
use app::App;
use server::{ServerConfig, ServerState};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Requests under way get so long after the signal; the rest of the ten seconds is for the database.
const GRACE: Duration = Duration::from_secs(7);

pub async fn serve(settings: &Settings, with_demo: bool) -> Result<ExitCode, Failure> {
    let stop = stop_signal()?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| in_use(settings.listen, &error))?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    let app = settings.open().await?;
    let is_empty = app.is_empty().await?;
    let loads_demo = with_demo && is_empty;
    let loading = loads_demo.then(|| app.hold_ready());
    let jobs = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            // The job loop goes by today's clock and the demo by clocks of weeks ago: one after the other, or the loop would act
            // on cases in the middle of their past.
            if let Some(loading) = loading {
                load(&app, address, stopped(stop.clone())).await;
                drop(loading);
            }
            app.work_until(stopped(stop)).await;
        }
    });
    if !loads_demo {
        say(&at(address));
        if is_empty {
            say("数据库是空的。先用 `bangban user add` 加人，或用 `bangban demo` 装演示数据。/ The database is empty.");
        }
    }
    let config = ServerConfig { behind_proxy: settings.behind_proxy };
    let server = http(ServerState::new(app.clone(), config), listener, stopped(stop.clone()));
    let served = tokio::select! {
        served = server => served,
        () = async { stopped(stop.clone()).await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("requests that were still under way are cut off");
            Ok(())
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), jobs).await;
    let _ = tokio::time::timeout(Duration::from_secs(1), app.close()).await;
    served.map_err(|error| Failure::new(format!("网站停了 / serving ended: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

async fn http(
    state: ServerState,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = server::router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

/// Loads the demo beside the serving, until told to stop. Until it is there, `/readyz` says that the program is not ready.
async fn load(app: &App, address: SocketAddr, stop: impl Future<Output = ()>) {
    say(&format!("{}，正在装演示数据，大约一分钟 / the demo is being loaded", at(address)));
    tokio::select! {
        loaded = load_demo(app) => match loaded {
            Ok(summary) => say(&format!("{}\n{}", accounts(&summary), at(address))),
            Err(failure) => tell(&format!("演示数据没有装完 / the demo was not loaded: {failure}")),
        },
        () = stop => tell(
            "演示数据只装了一部分。删掉数据库再启动，就会重新装。/ The demo is half loaded: delete the database and start again.",
        ),
    }
}

fn at(address: SocketAddr) -> String {
    format!("帮您办 http://{address}")
}

fn in_use(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "不能在 {address} 上监听：{error}。请用 BANGBAN_LISTEN 换一个地址或端口。\n\
         Cannot listen on {address}: {error}. Choose another with BANGBAN_LISTEN."
    ))
}

/// Becomes true when the program is told to end.
fn stop_signal() -> Result<watch::Receiver<bool>, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("听不到系统信号 / no signals: {error}"));
    let mut term = signal(SignalKind::terminate()).map_err(failed)?;
    let mut int = signal(SignalKind::interrupt()).map_err(failed)?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        let _ = sender.send(true);
    });
    Ok(receiver)
}

/// Waits for the signal. A sender that is gone counts as one.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|is_stopped| *is_stopped).await;
}
