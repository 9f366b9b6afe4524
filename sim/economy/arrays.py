"""Types of arrays, named by what they hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Masks = NDArray[np.uint64]  # bit d stands for decision d; also identities of firms and random bits
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
