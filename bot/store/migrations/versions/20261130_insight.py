"""Indexes by time, for figures of days.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

from alembic import op

revision = "20261130_insight"
down_revision = "20261129_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_created_at", "messages", ["created_at"])
    op.create_index("ix_handoffs_queued_at", "handoffs", ["queued_at"])
