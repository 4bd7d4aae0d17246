"""What erasing, deleting by period, and consent need.

A migration runs while processes of the previous release work on the database; see
bot/store/migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.online import create_index

revision = "20261212_privacy"
down_revision = "20261212_hits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("edition", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("consent", sa.String(64), nullable=True))
    op.add_column("conversations", sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True))
    # Else deleting a conversation reads all buttons.
    create_index("ix_choices_conversation_id", "choices", ["conversation_id"])
