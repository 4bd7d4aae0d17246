"""People answer: the queue, who holds what, and when somebody is there."""
