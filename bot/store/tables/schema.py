"""What the database knows about itself."""

from sqlalchemy import Column, String, Table

from bot.store.tables.base import metadata

# One row: the newest migration of the oldest release that works on these tables, see bot.store.revisions.
compatibility = Table("compatibility", metadata, Column("revision", String(64), primary_key=True))
