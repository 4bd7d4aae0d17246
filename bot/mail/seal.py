"""Keep a text unreadable while it waits in a table."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from bot.mail.errors import MailError


class Seal:
    """
    Encrypts with a key that is not in the database (Fernet: AES-128-CBC and HMAC-SHA256).

    Who gets hold of the database file, or of a backup of it, reads no text of a mail.
    """

    def __init__(self, key: bytes) -> None:
        """`key` has 32 bytes."""
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Decrypt. Raises MailError, for ever, when it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise MailError(
                "The text of the mail was sealed with another POSTBOTE_SECRET_KEY. Ask for a new one.", final=True
            ) from error
