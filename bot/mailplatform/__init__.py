"""The hoster's mail platform: one file per system, all behind `bot.mailboxes.ports`."""
