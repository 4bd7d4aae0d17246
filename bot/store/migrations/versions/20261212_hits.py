"""What was counted against limits, for all processes.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261212_hits"
down_revision = "20261211_compatibility"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_server = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "hits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.ARRAY(sa.Float()).with_variant(sa.JSON(), "sqlite"), nullable=False),
        sa.Column("counts", sa.ARRAY(sa.Integer()).with_variant(sa.JSON(), "sqlite"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_hits")),
        # Counts of the last hour at most, written with every message: not worth the log's bytes, nor its sync.
        prefixes=["UNLOGGED"] if is_server else [],
    )


def downgrade() -> None:
    op.drop_table("hits")
