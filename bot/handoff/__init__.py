"""Hand-off: from the bot to people and back; the queue, who holds what, and when somebody is there."""
