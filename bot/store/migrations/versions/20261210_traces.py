"""Which trace a message, and what follows from it, belongs to.

A migration runs while processes of the previous release still work on the database; see
bot/store/migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261210_traces"
down_revision = "20261209_waiting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("messages", "outbox", "tickets", "codes", "mails", "events"):
        op.add_column(table, sa.Column("traceparent", sa.String(55), nullable=True))
