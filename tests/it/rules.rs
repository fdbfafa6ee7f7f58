//! The rules by themselves: properties that hold whatever happens and whenever somebody looks (RELIABILITY §5).
#![cfg(test)]

mod conflict;
mod eligibility;
mod flows;
mod gate;
mod histories;
mod lost;
mod machine;
mod mode;
mod model;
pub(crate) mod office;
mod onward;
mod safe_email;
mod terms;
mod time;
mod verbs;
