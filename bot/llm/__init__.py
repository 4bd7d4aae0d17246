"""Language models, for editors while they write; the server asks none, and import-linter sees to it."""
