"""Teachings: words and example lines beside what ships, and what was asked to be computed of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "teachings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("gloss", sa.String(120), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("urgency", sa.String(10), nullable=False),
        sa.Column("perspective", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("writer_id", sa.Integer, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("reviewer_id", sa.Integer),
        sa.Column("approved_at", MOMENT),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_teachings"),
        sa.ForeignKeyConstraint(["writer_id"], ["staff.id"], name="fk_teachings_writer_id_staff"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["staff.id"], name="fk_teachings_reviewer_id_staff"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_teachings_locale_state", "teachings", ["locale", "state"])
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.Integer),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("begun_at", MOMENT),
        sa.Column("heard_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("result", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_lessons"),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_lessons_asked_by_staff"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lessons_state", "lessons", ["state"])
