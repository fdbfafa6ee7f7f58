//! Where templates come from: the ones built in, and a folder of the organisation's own that may replace any of them.
//!
//! A template is `<letter>/<language>.txt`, with a header block, or `<letter>/<language>.html`, without one.
//! `parts/` holds pieces that letters include. A file of the folder stands in for the built-in file of the same path;
//! a text of the folder also takes the place of the built-in HTML beside it, which would say something else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_embed::RustEmbed;

use super::TemplateError;

/// The folder of pieces that letters include.
pub const PARTS: &str = "parts";
const LARGEST_FILE: u64 = 256 * 1024;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct BuiltIn;

/// One template file.
#[derive(Clone, Debug)]
pub struct Source {
    /// For messages: where a person finds it.
    pub place: String,
    /// All of its text.
    pub text: String,
}

/// Every template by its path, `receipt/en.txt`.
pub type Sources = BTreeMap<String, Source>;

/// Reads the built-in templates and, over them, the folder's; beside them every file that cannot be read, is not text,
/// is too large, or has no place among the letters.
#[must_use]
pub fn read(folder: Option<&Path>) -> (Sources, Vec<TemplateError>) {
    let (mut sources, mut mistakes) = (Sources::new(), Vec::new());
    for path in BuiltIn::iter() {
        let place = format!("built-in {path}");
        let bytes = BuiltIn::get(&path).map(|file| file.data.into_owned()).unwrap_or_default();
        keep(&mut sources, &mut mistakes, &path, place, bytes);
    }
    if let Some(folder) = folder {
        read_folder(folder, &mut sources, &mut mistakes);
    }
    (sources, mistakes)
}

fn read_folder(root: &Path, sources: &mut Sources, mistakes: &mut Vec<TemplateError>) {
    let known: Vec<String> =
        sources.keys().filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect();
    for letter in entries(root, mistakes) {
        let name = letter.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if !known.contains(&name) {
            mistakes.push(mistake(&letter, &unknown_letter(&name, &known)));
            continue;
        }
        let files = entries(&letter, mistakes);
        for file in &files {
            let path = format!("{name}/{}", file.file_name().unwrap_or_default().to_string_lossy());
            if let Some(stem) = path.strip_suffix(".txt") {
                sources.remove(&format!("{stem}.html"));
            }
        }
        for file in &files {
            let path = format!("{name}/{}", file.file_name().unwrap_or_default().to_string_lossy());
            match read_file(file) {
                Ok(bytes) => keep(sources, mistakes, &path, file.display().to_string(), bytes),
                Err(why) => mistakes.push(mistake(file, &why)),
            }
        }
    }
}

fn entries(folder: &Path, mistakes: &mut Vec<TemplateError>) -> Vec<std::path::PathBuf> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
            paths.sort();
            paths
        }
        Err(error) => {
            mistakes.push(mistake(folder, &format!("this folder of templates cannot be read: {error}")));
            Vec::new()
        }
    }
}

fn read_file(file: &Path) -> Result<Vec<u8>, String> {
    let size = fs::metadata(file).map_err(|error| format!("cannot be read: {error}"))?.len();
    if size > LARGEST_FILE {
        return Err(format!("has {size} bytes; a template has at most {LARGEST_FILE}"));
    }
    fs::read(file).map_err(|error| format!("cannot be read: {error}"))
}

fn keep(sources: &mut Sources, mistakes: &mut Vec<TemplateError>, path: &str, place: String, bytes: Vec<u8>) {
    let wrong = |what: &str| TemplateError { place: place.clone(), line: 0, what: what.to_owned() };
    if !has_place(path) {
        mistakes.push(wrong("is not named <language>.txt or <language>.html, such as en.txt or pt-br.html"));
        return;
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            sources.insert(path.to_owned(), Source { place, text });
        }
        Err(_) => mistakes.push(wrong("is not UTF-8 text; save it again as UTF-8")),
    }
}

/// `receipt/en.txt`, `parts/answers.en.html`.
fn has_place(path: &str) -> bool {
    let tag = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let Some((letter, file)) = path.split_once('/') else { return false };
    let Some(stem) = file.strip_suffix(".txt").or_else(|| file.strip_suffix(".html")) else { return false };
    match stem.split_once('.') {
        Some((piece, language)) => letter == PARTS && tag(piece) && tag(language),
        None => letter != PARTS && tag(stem),
    }
}

fn unknown_letter(name: &str, known: &[String]) -> String {
    let nearest =
        known.iter().max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)));
    match nearest {
        Some(nearest) => format!("there is no letter of this name; did you mean `{nearest}`?"),
        None => "there is no letter of this name".to_owned(),
    }
}

fn mistake(path: &Path, what: &str) -> TemplateError {
    TemplateError { place: path.display().to_string(), line: 0, what: what.to_owned() }
}
