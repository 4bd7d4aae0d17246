"""Publications, models, what was made of questions, and what agents propose.

A migration runs while processes of the previous release still work on the database:
add (nullable or with a server default) -> let the new release write it -> backfill in
batches -> drop the old in a later release. Never rename, never narrow a type in one step.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_learning"
down_revision = "20261130_insight"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("slot", sa.Integer()),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("agent_id", sa.Integer()),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_jobs_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("slot", name="uq_jobs_slot"),
    )
    op.create_table(
        "models",
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("sources", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64)),
        sa.Column("figures", sa.JSON()),
        sa.Column("job_id", sa.Integer()),
        sa.Column("activated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_models_job_id"),
        sa.PrimaryKeyConstraint("version", name="pk_models"),
    )
    op.create_index("ix_models_activated_at", "models", ["activated_at"])
    op.create_table(
        "verdicts",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("label", sa.String(255)),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_verdicts_message_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_verdicts_job_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_verdicts_agent_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_job_id", "verdicts", ["job_id"])
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_proposals_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_messages_decision", "messages", ["decision"])
