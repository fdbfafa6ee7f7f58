//! JSON: an object is a person, a list of objects several; an object inside may be somebody's section.

use serde_json::Value;

use super::super::form::{self, Harvest, Said, noted, of_said};
use super::{Context, Unreadable, decoded};

/// Objects inside objects beyond this depth are not read.
const DEEPEST: usize = 8;
/// The most values of one file.
const MOST: usize = 4_000;

/// Reads a JSON file.
pub(super) fn read(name: &str, bytes: &[u8], context: &Context) -> Result<Harvest, Unreadable> {
    let value: Value = serde_json::from_str(&decoded(bytes)).map_err(|_| Unreadable::Broken)?;
    let mut walk = Walk { name, said: Vec::new(), in_person: false, is_cut: false };
    walk.value(&value, "", DEEPEST);
    Ok(noted(of_said(walk.said, context), walk.is_cut))
}

struct Walk<'a> {
    name: &'a str,
    said: Vec<Said>,
    /// The object around is one that has a name.
    in_person: bool,
    /// Something stood deeper, or behind more, than is read.
    is_cut: bool,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, path: &str, depth: usize) {
        if depth == 0 || self.said.len() > MOST {
            self.is_cut |= value.is_object() || value.is_array();
            return;
        }
        match value {
            Value::Array(list) => self.list(list, path, depth),
            Value::Object(object) => {
                if let Some((label, value)) = answered(object) {
                    self.say(label, &value, path);
                    return;
                }
                let is_person = object.keys().any(|key| form::is_name(key));
                let around = std::mem::replace(&mut self.in_person, is_person);
                for (key, value) in object {
                    self.member(key, value, path, depth);
                }
                self.in_person = around;
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn list(&mut self, list: &[Value], path: &str, depth: usize) {
        // What a person has several of, such as phones, is no list of people.
        let are_people = !self.in_person || list.iter().any(names_somebody);
        for (number, value) in (1..).zip(list) {
            let pair = value.as_object().is_some_and(|object| answered(object).is_some());
            if value.is_object() && !pair && are_people {
                self.said.push(Said::Another);
            }
            self.value(value, &joined(path, &number.to_string()), depth - 1);
        }
    }

    fn member(&mut self, key: &str, value: &Value, path: &str, depth: usize) {
        let path = joined(path, key);
        match value {
            Value::Null => {}
            Value::Bool(yes) => self.say(key, &yes.to_string(), &path),
            Value::Number(number) => self.say(key, &number.to_string(), &path),
            Value::String(text) => self.say(key, text, &path),
            Value::Array(list) if list.iter().all(|one| one.is_string() || one.is_number()) => {
                let words: Vec<String> = list.iter().filter_map(scalar).take(100).collect();
                self.say(key, &words.join(", "), &path);
            }
            Value::Object(object) if form::asks_of_channels(key) && is_flat(object) => {
                for (way, value) in object.iter().filter_map(|(way, value)| Some((way, scalar(value)?))) {
                    self.say(form::channel_label(key, way).unwrap_or(way), &value, &joined(&path, way));
                }
            }
            Value::Object(_) => {
                self.said.push(Said::Heading(key.to_owned()));
                self.value(value, &path, depth - 1);
                if depth == DEEPEST {
                    self.said.push(Said::Neutral);
                }
            }
            Value::Array(_) => self.value(value, &path, depth - 1),
        }
    }

    fn say(&mut self, label: &str, value: &str, path: &str) {
        let value: String = value.chars().take(8_000).collect();
        let place = super::clean(&format!("{} {path}", self.name), 200);
        self.said.push(Said::Value { label: label.to_owned(), value, place });
    }
}

/// Whether an object holds no others.
fn is_flat(object: &serde_json::Map<String, Value>) -> bool {
    object.values().all(|value| !value.is_object() && !value.is_array())
}

/// Whether an object holds a name: its own, or in an object inside it.
fn names_somebody(value: &Value) -> bool {
    let Value::Object(object) = value else { return false };
    object.iter().any(|(key, value)| {
        form::is_name(key)
            || matches!(value, Value::Object(inner) if inner.keys().any(|key| form::is_name(key)))
    })
}

/// `{"question": …, "answer": …}` in one of its spellings.
fn answered(object: &serde_json::Map<String, Value>) -> Option<(&str, String)> {
    const LABELS: [&str; 6] = ["question", "label", "field", "title", "name", "key"];
    const VALUES: [&str; 4] = ["answer", "value", "response", "text"];
    let label = LABELS.iter().find_map(|key| object.get(*key)?.as_str())?;
    let value = VALUES.iter().find_map(|key| scalar(object.get(*key)?))?;
    Some((label, value))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
