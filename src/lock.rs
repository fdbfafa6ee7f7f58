//! How a lock is taken, one way everywhere.
//!
//! A thread that panics while it holds a mutex leaves it poisoned. We take it all the same. What stands behind our
//! locks is whole between any two statements: a set of names, a list of instants, a map of marks. And to do without it
//! for the rest of the day would be the greater harm, as nobody would see it: no stop kept, no trouble told, no sign of
//! life noted, no flood counted.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits for the lock and takes it, poisoned or not.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_whose_holder_panicked_is_taken_as_it_was_left() {
        let names = Mutex::new(vec!["Ann"]);
        std::thread::scope(|scope| {
            let broken = scope.spawn(|| {
                let mut names = lock(&names);
                names.push("Bob");
                std::panic::resume_unwind(Box::new(()));
            });
            broken.join().unwrap_err();
        });
        assert!(names.is_poisoned());
        assert_eq!(*lock(&names), ["Ann", "Bob"]);
    }
}
