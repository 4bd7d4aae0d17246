"""All that is known of a person, found, deleted when its time is over, and on request."""
