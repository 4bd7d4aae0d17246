"""What the channel `email` is made of: read a mailbox, read a mail, write an answer."""
