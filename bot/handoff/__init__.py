"""Hand-off: from the bot to people and back."""
