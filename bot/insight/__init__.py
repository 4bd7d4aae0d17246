"""What people at the desk see of all conversations at once: search, figures, ratings, dead letters."""
