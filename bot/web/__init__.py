"""The child's web channel: one page, a WebSocket where there is JavaScript, a plain form where there is none."""
