"""How far back releases work on the database.

A migration runs while processes of the previous release work on the database; see
bot/store/migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261211_compatibility"
down_revision = "20261210_traces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compatibility",
        sa.Column("revision", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("revision"),
    )
