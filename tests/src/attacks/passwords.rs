//! Passwords: lines 27 and 28.

use shared::ports::Clock as _;

use super::report::Trial;
use super::{Target, TrialResult};
use crate::app::{DEMO, NEW_PASSWORD};

pub(super) async fn beyond_byte_72(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial =
        Trial::of("a password of 120 bytes, compared with ones that differ beyond byte 72");
    let token = target.reset_mail(DEMO).await?.token()?;
    let long = "seven lanterns ".repeat(8);
    trial.require_granted("the link", &app.confirm_link(&token, &long).await.0);
    trial.require(
        app.password_is(&long).await,
        || "a hash that is not of the whole password",
    );
    for other in [&long[..72], &format!("{}{}", &long[..72], "x".repeat(48))] {
        trial.require(
            !app.password_is(other).await,
            || "a login with the first 72 bytes",
        );
    }
    Ok(trial.finish("a hash that only the whole password fits"))
}

pub(super) async fn sessions(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial = Trial::of("a reset of an account that has sessions");
    app.set_user("demo", "sessions_valid_after", 0).await;
    let token = target.reset_mail(DEMO).await?.token()?;
    let answer = app.confirm_link(&token, NEW_PASSWORD).await;
    trial.require_granted("the link", &answer.0);
    let now = app.clock.now().unix_seconds();
    let user = app.user("demo").await;
    trial.require(
        user["sessions_valid_after"] == now,
        || "sessions from before the reset stay valid",
    );
    let changes = app.aws.bodies("TransactWriteItems");
    let together = changes.iter().any(|change| {
        let text = change.to_string();
        text.contains("sessions_valid_after") && text.contains("password_hash")
    });
    trial.require(together, || "another write for the sessions");
    Ok(trial.finish("sessions_valid_after moves in the transaction that changes the password"))
}
