"""Learn from conversations: the inbox of questions, changes of the FAQ, and models that are better than the last."""
