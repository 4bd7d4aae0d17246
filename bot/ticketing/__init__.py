"""Ticket systems, one file each, behind the port `bot.tickets.ports.TicketSystem`."""
