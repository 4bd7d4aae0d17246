"""Proofs of identity, concealed codes, tickets.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_accounts"
down_revision = "20261124_conversations"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("awaits_code", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("messages", sa.Column("code_digest", sa.String(64)))
    op.create_table(
        "proofs",
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("mailbox", sa.String(320), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_proofs_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "mailbox", name="pk_proofs"),
    )
    op.create_table(
        "tickets",
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("mailbox", sa.String(320), nullable=False),
        sa.Column("folder", sa.Text()),
        sa.Column("point", MOMENT, nullable=False),
        sa.Column("target", sa.String(16), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(255)),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.Column("last_error", sa.Text()),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_tickets_conversation_id"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_tickets"),
        sa.UniqueConstraint("key", name="uq_tickets_key"),
    )
    op.create_index("ix_tickets_status_next_try_at", "tickets", ["status", "next_try_at"])
    op.create_index("ix_tickets_mailbox", "tickets", ["mailbox"])
