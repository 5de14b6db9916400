"""Sealing: how the words of a case lie in the ledger, so that a stolen disk or backup tells nothing (promise 2).

One random key per case seals its lines. The case key itself is sealed to the team's public key; the team's private key is
sealed to each member's own public key, and a member's private key is wrapped by their password. docs/threat-model.md draws
it. Every step is one of libsodium's own constructions through PyNaCl; nothing is invented here:

- lines: XChaCha20-Poly1305 with the place of the line as additional data, so that a line cannot be moved elsewhere;
- to a public key: sealed boxes (X25519, XSalsa20-Poly1305);
- passwords and return codes: Argon2id with 64 MiB and three passes (RFC 9106, section 4, second recommended option);
- keys from secrets of 256 random bits (invitations, cookies): keyed BLAKE2b, since such a secret cannot be guessed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Self

from nacl import bindings
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead, SecretBox
from nacl.utils import random

SMALLEST_BLOCK = 256
"""Bytes that the shortest line takes. Longer ones take the next power of two, so a length tells next to nothing."""

PASSES = 3
MEMORY = 64 * 1024 * 1024
"""Bytes that one guess of a password or a return code costs (RFC 9106, section 4)."""


class SealIsBroken(Exception):
    """What was sealed cannot be opened: the key is another one, or somebody has changed it."""

    def __init__(self) -> None:
        super().__init__("This cannot be opened with the key at hand.")


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key of one case. The chat holds it while the chat lives, the ledger only sealed to the team and to the return code."""

    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        """A new key of 256 random bits."""
        return cls(random(Aead.KEY_SIZE))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The key as the vault holds it."""
        return cls(base64.b64decode(text))

    def text(self) -> str:
        """The key for the vault, and for nothing else."""
        return base64.b64encode(self.secret).decode()

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal some bytes for one place of the ledger ("<case>/<position>/<author>")."""
        block = SMALLEST_BLOCK
        while block < len(plain) + 1:
            block *= 2
        return bytes(Aead(self.secret).encrypt(bindings.sodium_pad(plain, block), place.encode()))

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place; raises SealIsBroken."""
        try:
            padded = Aead(self.secret).decrypt(sealed, place.encode())
            return bytes(bindings.sodium_unpad(padded, len(padded)))
        except (CryptoError, ValueError):
            raise SealIsBroken from None


@dataclass(frozen=True, slots=True)
class Pair:
    """A key pair: whoever has `public` can seal, only whoever has `secret` can open. Both are 32 bytes (X25519)."""

    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        """A new pair."""
        return cls(bytes(PrivateKey.generate()))

    @property
    def public(self) -> bytes:
        """The half that may be known."""
        return bytes(PrivateKey(self.secret).public_key)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed to the public half; raises SealIsBroken."""
        try:
            return SealedBox(PrivateKey(self.secret)).decrypt(sealed)
        except (CryptoError, ValueError):
            raise SealIsBroken from None


def seal_to(public: bytes, plain: bytes) -> bytes:
    """Seal something small to a public key: nobody else can open it, not even the one who sealed."""
    return bytes(SealedBox(PublicKey(public)).encrypt(plain))


def wrap_with_password(secret: bytes, password: str) -> bytes:
    """A secret that only the password opens; the salt goes before it. Takes about 0.1 s and 64 MiB: call it in a thread."""
    salt = random(argon2id.SALTBYTES)
    key = argon2id.kdf(SecretBox.KEY_SIZE, password.encode(), salt, opslimit=PASSES, memlimit=MEMORY)
    return salt + wrap_with_key(secret, key)


def unwrap_with_password(wrapped: bytes, password: str) -> bytes:
    """The secret; raises SealIsBroken for another password. Costs what wrapping costs."""
    salt, box = wrapped[: argon2id.SALTBYTES], wrapped[argon2id.SALTBYTES :]
    key = argon2id.kdf(SecretBox.KEY_SIZE, password.encode(), salt, opslimit=PASSES, memlimit=MEMORY)
    return unwrap_with_key(box, key)


def wrap_with_key(secret: bytes, key: bytes) -> bytes:
    """A secret that only a key of 32 bytes opens."""
    return bytes(SecretBox(key).encrypt(secret))


def unwrap_with_key(wrapped: bytes, key: bytes) -> bytes:
    """The secret; raises SealIsBroken for another key."""
    return _opened(SecretBox(key), wrapped)


def wrap_with_token(secret: bytes, token: str) -> bytes:
    """A secret that only a token of 256 random bits opens (an invitation, a cookie)."""
    return wrap_with_key(secret, _of_token(token))


def unwrap_with_token(wrapped: bytes, token: str) -> bytes:
    """The secret; raises SealIsBroken for another token."""
    return unwrap_with_key(wrapped, _of_token(token))


def keys_of_code(code: str, salt: bytes) -> tuple[bytes, bytes]:
    """From a return code: a digest to find the case by, and a key that opens its case key. Two halves of one Argon2id, so neither tells the other."""
    both = argon2id.kdf(64, code.encode(), salt, opslimit=PASSES, memlimit=MEMORY)
    return both[:32], both[32:]


def _opened(box: SecretBox, sealed: bytes) -> bytes:
    try:
        return bytes(box.decrypt(sealed))
    except (CryptoError, ValueError):
        raise SealIsBroken from None


def _of_token(token: str) -> bytes:
    return bytes(blake2b(token.encode(), digest_size=SecretBox.KEY_SIZE, person=b"helpline token", encoder=RawEncoder))
