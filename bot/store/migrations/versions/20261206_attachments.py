"""What customers attached.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261206_attachments"
down_revision = "20261205_workers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("message_id", "key", name=op.f("uq_attachments_message_id_key")),
    )
    op.create_index(op.f("ix_attachments_next_try_at"), "attachments", ["next_try_at"])
