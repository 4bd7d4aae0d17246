"""What channels remember, and customers that nothing reaches.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204_channels"
down_revision = "20261203_parts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("unreachable", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("hands_over", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "channel_notes",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "key"),
    )
