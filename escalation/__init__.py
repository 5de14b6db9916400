"""The counsellor's side: cases, waitlist, outbox, retention, accounts, and the console."""
