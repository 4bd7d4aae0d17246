"""Proof that who writes owns a mailbox: a token of the hoster's page, or a code by mail."""
