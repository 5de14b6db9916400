"""Reasons: whoever sends a draft back can say why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty for every edition of before."""
    op.add_column("editions", sa.Column("reason", sa.String(300)))
