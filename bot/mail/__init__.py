"""Mail to customers: an outbox that is stored, and the ways out of the house."""
