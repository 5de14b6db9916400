"""Texts: what editors write beside what ships, links of pilots, and what comes back from those who read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("writer_id", sa.Integer),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("reviewer_id", sa.Integer),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("published_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.ForeignKeyConstraint(["writer_id"], ["staff.id"], name="fk_editions_writer_id_staff"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["staff.id"], name="fk_editions_reviewer_id_staff"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_editions_locale_key_version", "editions", ["locale", "key", "version"])
    op.create_table(
        "pilots",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pilots"),
        sa.UniqueConstraint("code_digest", name="uq_pilots_code_digest"),
    )
    op.create_table(
        "text_counts",
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("locale", "key", "version", "what", name="pk_text_counts"),
    )
    op.create_table(
        "text_notes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_text_notes"),
    )
    op.create_index("ix_text_notes_locale_key", "text_notes", ["locale", "key"])
