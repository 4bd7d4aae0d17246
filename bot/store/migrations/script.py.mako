"""${message}

A migration runs while processes of the previous release work on the database, and these may be started again until
all are of the new one. So it goes in steps, each in a release of its own:
  1. expand: add. Columns are nullable or have a server default; nothing is renamed, narrowed or made NOT NULL. Tables
     and columns that are new may be as they like. An index on a table that is in use is built by
     bot.store.migrations.online, as the last thing that the migration does.
  2. migrate: the new release writes the new, and reads both; what is old is filled in batches, by a loop or a command,
     never here: an UPDATE of a whole table locks its rows until the end.
  3. contract: a later release, whose forerunner has stopped using it, drops the old. Then say so:
     ON_PURPOSE = {"DROP COLUMN": ("0.3", "conversations.leased_until: no release since 0.2 reads or writes it")}
tests/contract/test_migrations_online.py refuses what is dangerous, and runs the previous release's code on the result.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
