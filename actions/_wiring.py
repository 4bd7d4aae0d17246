"""How actions, which Rasa makes without arguments, get at Postbote's services."""

from bot.accounts import Accounts

_accounts: Accounts | None = None


def provide(accounts: Accounts | None) -> None:
    """To be called once, before the first turn."""
    global _accounts  # noqa: PLW0603 -- rasa_sdk makes the actions itself, so nothing can be handed to them
    _accounts = accounts


def find_accounts() -> Accounts | None:
    """None under Rasa's own commands (`rasa shell`), which know no mailboxes and no tickets."""
    return _accounts
