"""Customers' rights: how long data is kept, and what of one person is stored, shown and erased."""
