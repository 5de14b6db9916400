"""Sealing: every line and every reason of an alarm in the clear is sealed; accounts get keys, roles and a second factor.

Passwords of before cannot open keys that did not exist then, so the accounts of before are disabled and their people are
invited anew. Cases stay, and nothing that was told is lost (promise 1): they are sealed to a founding key, as in a new ledger.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from nacl.utils import random

from escalation.sealing import CaseKey, Pair, seal_to

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the founding key, seal what is there, and change the accounts' tables."""
    founding = _team()
    keys = _cases(founding.public)
    _messages(keys)
    _staff()
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("by", sa.Integer),
        sa.Column("about", sa.Integer),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def _team() -> Pair:
    table = op.create_table(
        "team",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("founding_secret", sa.LargeBinary),
        sa.Column("recovery_public", sa.LargeBinary),
        sa.Column("recovery_sealed", sa.LargeBinary),
        sa.Column("code_salt", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
    )
    founding = Pair.fresh()
    op.bulk_insert(
        table,
        [{"id": 1, "public_key": founding.public, "founding_secret": founding.secret, "code_salt": random(16)}],
    )
    return founding


def _cases(team: bytes) -> dict[str, CaseKey]:
    connection = op.get_bind()
    told = {row.id: _read(row.because) for row in connection.execute(sa.text("SELECT id, because FROM cases"))}
    op.drop_column("cases", "because")
    op.add_column("cases", sa.Column("sealed_key", sa.LargeBinary, nullable=False, server_default=""))
    op.add_column("cases", sa.Column("because", sa.LargeBinary, nullable=False, server_default=""))
    op.add_column("cases", sa.Column("code_digest", sa.LargeBinary))
    op.add_column("cases", sa.Column("code_key", sa.LargeBinary))
    op.create_index("ix_cases_code_digest", "cases", ["code_digest"], unique=True)
    keys = {}
    for case, because in told.items():
        key = keys[case] = CaseKey.fresh()
        connection.execute(
            sa.text("UPDATE cases SET sealed_key = :key, because = :because WHERE id = :id"),
            {"id": case, "key": seal_to(team, key.secret), "because": key.seal(_bytes(because), f"{case}/because")},
        )
    return keys


def _messages(keys: dict[str, CaseKey]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, case_id, position, author, text, marks FROM messages")).all()
    op.add_column("messages", sa.Column("sealed", sa.LargeBinary, nullable=False, server_default=""))
    for row in rows:
        sealed = keys[row.case_id].seal(
            _bytes({"text": row.text, "marks": _read(row.marks)}), f"{row.case_id}/{row.position}/{row.author}"
        )
        connection.execute(
            sa.text("UPDATE messages SET sealed = :sealed WHERE id = :id"), {"id": row.id, "sealed": sealed}
        )
    op.drop_column("messages", "text")
    op.drop_column("messages", "marks")


def _staff() -> None:
    connection = op.get_bind()
    for table in ("sessions", "invitations", "duty"):
        connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
    connection.execute(
        sa.text("UPDATE cases SET state = 'waiting', staff_id = NULL, claimed_at = NULL WHERE state = 'claimed'")
    )
    op.add_column("staff", sa.Column("roles", sa.JSON, nullable=False, server_default="[]"))
    for column in ("public_key", "wrapped_key", "team_key", "second_factor"):
        op.add_column("staff", sa.Column(column, sa.LargeBinary))
    op.add_column("staff", sa.Column("second_factor_step", sa.Integer))
    connection.execute(sa.text("UPDATE staff SET disabled_at = COALESCE(disabled_at, joined_at)"))
    op.drop_column("staff", "password")
    op.drop_column("staff", "role")
    op.add_column("invitations", sa.Column("roles", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("invitations", sa.Column("team_key", sa.LargeBinary))
    op.drop_column("invitations", "role")
    op.add_column("sessions", sa.Column("wrapped_key", sa.LargeBinary, nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()))


def _read(value: Any) -> Any:
    """JSON as SQLite hands it out (text) or as PostgreSQL does (already read)."""
    return json.loads(value) if isinstance(value, str) else value


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
