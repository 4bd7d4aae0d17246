"""Drafts of further phrasings for FAQ entries, by a language model, for an editor; never while the bot answers."""
