"""Wrong passwords in a row.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_staff"
down_revision = "20261127_desk"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_in_tries"),
    )
