"""German sentences: days, dates and times of day as customers write them."""
