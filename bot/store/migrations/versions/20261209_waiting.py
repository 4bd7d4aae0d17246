"""
Find what waits for its turn, however long the conversation is.

A migration runs while processes of the previous release work on the database; see
bot/store/migrations/script.py.mako.
"""

from bot.store.migrations.online import create_index

revision = "20261209_waiting"
down_revision = "20261206_attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index(
        "ix_messages_waiting",
        "messages",
        ["conversation_id", "seq"],
        where="done_at IS NULL AND author = 'customer'",
    )
