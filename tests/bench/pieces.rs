//! Pieces of text, of which a careless reader of many makes the square of the work: for the benchmark of heavy mails and
//! for the test that reads them to their end.

/// The pieces.
pub(crate) const PIECES: [&str; 28] = [
    "a",
    " ",
    "\n",
    "9",
    "9-",
    "212-555-0142 ",
    "(((",
    "+1 ",
    "a@",
    "@a.b",
    "03/04/",
    "Dec 3 ",
    "12:",
    "yes no ",
    "not ",
    "Phone:",
    "Name: ",
    "R-7K4M-2QX9 ",
    "From: a\n",
    "> ",
    "-- \n",
    "- ",
    "|",
    "\t",
    ",",
    "é",
    "\u{200b}",
    "=",
];
