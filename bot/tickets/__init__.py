"""Tickets: what customers ask the hoster's people to do, opened exactly once."""
