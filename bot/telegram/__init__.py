"""The child's channel on Telegram, and the only place that knows aiogram.

`channel.TelegramChannel` is all that the rest of the program uses. aiogram is the HTTP client, the methods and the errors; updates are read
by `updates.py` instead of aiogram's own models, for two promises. A single update that those models cannot read makes `getUpdates` fail for
all children until Telegram drops it after 24 hours (aiogram issue 1840: an old forwarded message is enough), and the log then quotes
everybody's messages. And what is never read, such as names, cannot be leaked.
"""
