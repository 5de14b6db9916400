"""What Alembic runs for every migration: on the connection, and in the transaction, that the ledger hands in."""

from __future__ import annotations

from alembic import context

from escalation.ledger import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
