"""
Sign what we post to others, as Standard Webhooks has it.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


class Signer:
    """Signs with one secret."""

    def __init__(self, secret: str) -> None:
        """
        `secret` as the specification writes it, `whsec_` and base64; else it is taken as it is.

        Raises ValueError when there is no base64 behind the prefix.
        """
        self._key = _decoded(secret.removeprefix(PREFIX)) if secret.startswith(PREFIX) else secret.encode()

    def headers(self, id: str, at: datetime, body: bytes) -> dict[str, str]:
        """`id` is the same on every attempt, `at` the moment of this one."""
        timestamp = str(int(at.timestamp()))
        signed = hmac.new(self._key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "webhook-id": id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"what follows {PREFIX} is no base64") from error
