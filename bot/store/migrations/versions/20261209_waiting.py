"""
Find what waits for its turn, however long the conversation is.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261209_waiting"
down_revision = "20261206_attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("done_at IS NULL AND author = 'customer'")
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["conversation_id", "seq"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
