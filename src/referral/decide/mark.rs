//! Mark: what becomes due, by name.

/// Something that becomes due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Mark {
    /// The owner has not looked at what somebody wrote.
    HoldEscalates,
    /// The contact is due soon.
    ContactReminder,
    /// The partner may be asked for a better way.
    LoopBack,
    /// The contact is overdue.
    ContactEscalation,
    /// The next rung begins.
    NextRung,
    /// The contact will be given up.
    Warning,
    /// The contact is given up.
    Bounce,
    /// The decision is due soon.
    DecisionReminder,
    /// The decision is overdue.
    DecisionEscalation,
    /// The conflict check is due soon.
    ConflictReminder,
    /// The conflict check is overdue.
    ConflictEscalation,
    /// The partner that was asked should say soon that it has the redirect.
    ReceiptReminder,
    /// It has not said so.
    ReceiptOverdue,
    /// The partner that was asked should answer soon.
    AnswerReminder,
    /// It has not answered.
    AnswerOverdue,
    /// Nobody reached the person by the last day for it.
    ContactLatest,
    /// A client who was reached is to hear where it stands.
    UpdateDue,
    /// They still have not heard.
    UpdateOverdue,
}
