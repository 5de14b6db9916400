"""The child's side: channels, session, redaction, language, disclosure, dialogue, reply, relay."""
