"""How alike texts are, as the NLU sees them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.nlu.features import Features


def likeness(texts: Sequence[str], background: Sequence[str] = ()) -> NDArray[np.float64]:
    """
    The cosine of each with each, 0 to 1.

    `background` are further texts of the matter; the more of them, the better is known which words say little.
    """
    vectors = Features.of([*background, *texts]).matrix(texts)
    alike: NDArray[np.float64] = (vectors @ vectors.T).toarray().astype(np.float64)
    return alike
