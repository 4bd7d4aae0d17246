"""Other systems that are told of a hand-off, by HTTP."""
