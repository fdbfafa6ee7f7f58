//! Bounces and complaints as JSON, the shape in which Amazon's mail service mails them.

use serde_json::Value;

use super::address;
use super::kind::kind;
use crate::intake::{ReportKind, ReportedRecipient};

/// Every recipient of a notification; `None` when the text is none.
pub(super) fn recipients(text: &str) -> Option<Vec<ReportedRecipient>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    // Long lines were folded on the way, in the middle of strings. Behind the JSON stand words about leaving the list.
    let text = super::limits::cut(text.trim_start(), super::PART_BYTES).replace(['\r', '\n'], "");
    let outer: Value = serde_json::Deserializer::from_str(&text).into_iter().next()?.ok()?;
    let inner =
        outer.get("Message").and_then(Value::as_str).and_then(|inner| serde_json::from_str(inner).ok());
    let notice: Value = inner.unwrap_or(outer);
    let body =
        ["bounce", "complaint", "delivery"].into_iter().find_map(|name| Some((name, notice.get(name)?)));
    let (name, body) = body?;
    notice.get("notificationType").or_else(|| notice.get("eventType"))?;
    let list =
        ["bouncedRecipients", "complainedRecipients", "recipients"].iter().find_map(|list| body.get(list));
    let found =
        list.and_then(Value::as_array).into_iter().flatten().filter_map(|one| recipient(name, body, one));
    Some(found.take(super::RECIPIENTS).collect())
}

fn recipient(name: &str, body: &Value, one: &Value) -> Option<ReportedRecipient> {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let address = address(one.as_str().map_or_else(|| text(one, "emailAddress"), str::to_owned).as_str())?;
    let (action, status, words) = match name {
        "complaint" => ("complaint", None, String::new()),
        "delivery" => ("delivered", super::code::status(&text(body, "smtpResponse")), String::new()),
        _ => ("failed", super::code::status(&text(one, "status")), text(one, "diagnosticCode")),
    };
    let kind =
        if name == "complaint" { ReportKind::Complaint } else { kind(action, status.as_deref(), &[&words]) };
    Some(ReportedRecipient { address, original: None, status, action: action.to_owned(), kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&[(&str, Option<&str>, ReportKind)]>) {
        let found = recipients(text);
        let found: Option<Vec<_>> = found.as_ref().map(|found| {
            found.iter().map(|one| (one.address.as_str(), one.status.as_deref(), one.kind)).collect()
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_notification_is_read_with_and_without_its_wrapping() {
        let bounce = r#"{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"Ann@example.org","action":"failed","status":"5.1.1"}]}}"#;
        let wrapped = format!("{}\n-- \nTo leave, click here", serde_json::json!({ "Message": bounce }));
        let folded = bounce.replace("notification", "notifi\ncation");
        for text in [bounce, &wrapped, &folded] {
            check(text, Some(&[("ann@example.org", Some("5.1.1"), ReportKind::Hard)]));
        }
        let delivery = r#"{"notificationType":"Delivery","delivery":{"recipients":["ann@example.org"],"smtpResponse":"250 2.6.0 ok"}}"#;
        check(delivery, Some(&[("ann@example.org", Some("2.6.0"), ReportKind::NoFailure)]));
    }

    #[test]
    fn other_json_is_no_notification() {
        for text in ["", "{", "[1]", "hello", r#"{"bounce": {}}"#, r#"{"notificationType":"x"}"#] {
            check(text, None);
        }
    }
}
