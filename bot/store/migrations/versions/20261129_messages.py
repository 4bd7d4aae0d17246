"""Tickets that are a message, and have no mailbox.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_messages"
down_revision = "20261128_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite cannot make a column nullable, so alembic copies the table there; nothing refers to it.
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("kind", sa.String(16), server_default="restore", nullable=False))
        batch.add_column(sa.Column("text", sa.Text()))
        batch.alter_column("mailbox", existing_type=sa.String(320), nullable=True)
        batch.alter_column("point", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch.alter_column("target", existing_type=sa.String(16), nullable=True)
    op.create_index("ix_tickets_conversation_id", "tickets", ["conversation_id"])
