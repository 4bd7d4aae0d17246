"""What only one process may do at a time: whoever does it holds a file."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class FileLock:
    """
    Held by one process at most.

    The kernel gives it free when its holder dies, so whoever gets it knows that what is not
    at its end has lost its process. https://man7.org/linux/man-pages/man2/flock.2.html
    """

    def __init__(self, path: Path) -> None:
        """The file is made when it is needed, and stays; those who must exclude each other name the same one."""
        self._path = path
        self._file: int | None = None

    def acquire(self, *, wait: bool = False) -> bool:
        """Whether it is ours now; False if it is another's, for which `wait` waits, or ours already."""
        if self._file is not None:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BaseException as error:
            os.close(file)
            if isinstance(error, BlockingIOError):
                return False
            raise
        self._file = file
        return True

    def release(self) -> None:
        """Somebody else may have it; without effect if it is not ours."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Give it free at the end; it must have been acquired."""
        try:
            yield
        finally:
            self.release()
