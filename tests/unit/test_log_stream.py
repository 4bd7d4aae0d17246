"""Where the log goes."""

from contextlib import suppress

from bot.log import Unbreakable


def test_a_full_disk_below_the_log_breaks_nothing() -> None:
    """The line is lost, and whoever wrote it goes on."""
    full = open("/dev/full", "w", buffering=1, encoding="utf-8")  # noqa: SIM115 -- to close it is to write to it
    stream = Unbreakable(full)
    stream.write("accepted\n")
    stream.flush()
    with suppress(OSError):
        full.close()
