"""Shapes that cross rooms, as types that the tests check."""

import numpy as np
from jaxtyping import Float, UInt8
from torch import Tensor

OneHot = Float[Tensor, "batch 4 length"]
"""Sequences as one-hot columns: rows A C G T (or U), a column of zeros is N."""

Codes = UInt8[np.ndarray, "batch length"]
"""Sequences as base codes: A C G T N = 0 1 2 3 4."""
