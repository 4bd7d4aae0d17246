"""Alembic's entry: runs on the connection that bot.store.migrate hands over."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # So that one may build its index outside of any.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
