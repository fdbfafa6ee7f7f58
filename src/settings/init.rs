//! The texts `handoffd init` writes: a config to start with, annotated, that works as it stands.
