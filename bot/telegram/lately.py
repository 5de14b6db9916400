"""What was handled lately, so that nothing is heard twice. In memory only, bounded, and without anything that could be read back."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable


class Lately:
    """Remembers at most `size` things for at most `seconds`, as digests under a key that ends with the process (promise 2)."""

    def __init__(self, size: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._seconds = seconds
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._things: OrderedDict[bytes, tuple[bytes, float]] = OrderedDict()

    def is_news(self, *thing: object, says: str = "") -> bool:
        """Whether this thing was not there lately, or says something else now; from now on it is no news."""
        now = self._clock()
        while self._things and next(iter(self._things.values()))[1] + self._seconds <= now:
            self._things.popitem(last=False)
        name, saying = self._digest(repr(thing)), self._digest(says)
        if name in self._things and self._things[name][0] == saying:
            return False
        self._things[name] = (saying, now)
        self._things.move_to_end(name)
        if len(self._things) > self._size:
            self._things.popitem(last=False)
        return True

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
