"""`python -m bot` is the command line, for a process that starts another."""

from bot.command import helpline

helpline()
