"""Ticket systems: one file per system, all behind `bot.tickets.ports`."""
