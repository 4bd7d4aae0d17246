"""Mailboxes of the hoster's customers: how full they are, and how their owner is reached otherwise."""
