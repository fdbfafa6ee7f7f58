//! Stops: a stop that could not be kept for a store that is put back is tried again, and the admins hear of it,
//! whichever way the stop came: a mail, a word of staff, a command on this host. So they do where the count by which
//! such a store is known could not be written.

use tracing::warn;

use super::{Desk, alert};

/// What happened.
pub const WHAT: &str = "A client said stop. The store knows it, but the file of the stops could not be written: were the \
     store put back from a backup of before now, the client might be written to.";
/// What is to be done.
pub const REMEDY: &str = "Give the file to the user that runs handoffd and make room on its disk: it is handoffd.db.stops \
     beside a SQLite store, handoffd.stops in [store] witness_folder. Then make a backup of the store.";

const CLAIMS: &str = "The file that counts letters could not be written: were the store put back from a backup now, that \
     might not be noticed, and letters that were sent already might be sent again.";
const CLAIMS_REMEDY: &str = "Give the file to the user that runs handoffd and make room on its disk: it is \
     handoffd.db.claims beside a SQLite store, handoffd.claims in [store] witness_folder. Until then, run \
     \"handoffd restored\" after every restore.";

/// Tells of a count of claims that could not be written; who could not be told is told at the next look.
async fn tell_of_claims(desk: &Desk) {
    if !desk.store.missed_counting_claims() {
        return;
    }
    warn!("{CLAIMS} {CLAIMS_REMEDY}");
    match alert::tell(desk, "claims", CLAIMS.to_owned(), CLAIMS_REMEDY.to_owned()).await {
        Ok(()) => desk.store.told_of_the_claims(),
        Err(error) => warn!("The admins could not be told about it: {error:#}"),
    }
}

/// Tries again to keep what was not kept, and tells of what still is not. Returns whether there was something to tell;
/// who could not be told is told at the next look.
pub async fn look_after(desk: &Desk) -> bool {
    tell_of_claims(desk).await;
    if desk.store.keep_stops_again().await || !desk.store.missed_keeping_a_stop() {
        return false;
    }
    warn!("{WHAT} {REMEDY}");
    match alert::tell(desk, "stops", WHAT.to_owned(), REMEDY.to_owned()).await {
        Ok(()) => desk.store.told_of_a_stop(),
        Err(error) => warn!("The admins could not be told about it: {error:#}"),
    }
    true
}
