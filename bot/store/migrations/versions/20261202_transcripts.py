"""Transcripts that were mailed.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261202_transcripts"
down_revision = "20261201_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcript_mails",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("mailbox", sa.String(320), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_transcript_mails_conversation_id"),
        sa.PrimaryKeyConstraint("key", name="pk_transcript_mails"),
    )
    op.create_index(
        "ix_transcript_mails_conversation_id_asked_at", "transcript_mails", ["conversation_id", "asked_at"]
    )
