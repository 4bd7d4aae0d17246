"""How long to wait before another attempt."""

import random

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 600.0


def pause_after(attempts: int, chance: random.Random) -> float:
    """
    Seconds to wait after so many failures: exponential, with full jitter.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    return chance.uniform(0.5, 1.0) * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (attempts - 1))
