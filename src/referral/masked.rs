//! What `Debug` shows of values that hold words of people: kinds and numbers, never the words. None of these types has
//! `Display`, so that no log line can hold one by accident (issue "privacy", point 8).

use std::fmt::{Debug, Formatter, Result};

use super::command::Command;
use super::conflict::Finding;
use super::contact::Confirmation;
use super::event::Arrival;
use super::fact::Fact;
use super::letter::{Absence, Body, Letter, Offer, Receipt, ReceiptLine, StatusLine, SummaryLine, Task};
use super::onward::Onward;
use super::record::{Referral, Status};
use super::roster::{Roster, Staff};

impl Debug for Referral {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Referral")
            .field("reference", &self.reference)
            .field("status", &self.status)
            .field("contact", &self.contact)
            .field("owner", &self.owner)
            .field("next_action", &self.next_action)
            .field("next_action_at", &self.next_action_at)
            .field("look_at", &self.look_at)
            .field("tier", &self.tier)
            .field("decision", &self.decision)
            .field("rung", &self.rung)
            .field("attempts", &self.attempts.len())
            .field("held", &self.held)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl Debug for Status {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.word())
    }
}

impl Debug for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Fact")
            .field("at", &self.at)
            .field("kind", &self.kind)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

impl Debug for Confirmation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Confirmation").field("missing", &self.missing()).finish_non_exhaustive()
    }
}

impl Debug for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Command({})", self.verb())
    }
}

impl Debug for Arrival {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Arrival")
            .field("packet", &self.packet)
            .field("sender", &self.sender)
            .field("missing", &self.missing)
            .field("questions", &self.questions.len())
            .field("place", &self.place)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

impl Debug for Letter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Letter")
            .field("to", &self.to)
            .field("body", &self.body)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl Debug for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Body({})", self.kind())
    }
}

impl Debug for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Finding::Clear => "Finding(clear)",
            Finding::NotApplicable => "Finding(not applicable)",
            Finding::Found { .. } => "Finding(found)",
        })
    }
}

impl Debug for Onward {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Onward")
            .field("to", &self.to)
            .field("asked_at", &self.asked_at)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

impl Debug for Offer {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Offer({}, {})", self.reference, self.about)
    }
}

impl Debug for Receipt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Receipt").field("referrals", &self.referrals).finish()
    }
}

impl Debug for ReceiptLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "ReceiptLine({})", self.reference)
    }
}

impl Debug for Task {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Task({}, {})", self.reference, self.next_action)
    }
}

impl Debug for StatusLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "StatusLine({}, {})", self.reference, self.status)
    }
}

impl Debug for SummaryLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "SummaryLine({}, {})", self.reference, self.next_action)
    }
}

impl Debug for Absence {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Absence")
            .field("until", &self.until)
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl Debug for Roster {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Roster")
            .field("staff", &self.staff)
            .field("partners", &self.partners)
            .finish_non_exhaustive()
    }
}

impl Debug for Staff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Staff({})", self.id)
    }
}
