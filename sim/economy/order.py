"""A random but reproducible order of firms."""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.arrays import Ints
from sim.economy.compiled import allocating_kernel
from sim.economy.state import Firms


@allocating_kernel
def put_in_random_order(rows: Ints, firms: Firms, key: np.uint64) -> None:
    """Sort rows by a random draw of each firm. Modified in place: rows.

    A bucket sort, then insertion: the time is linear in the number of rows.
    """
    n = rows.size
    next_slot = np.zeros(n + 1, np.int32)
    for i in rows:
        next_slot[chance.index(key, firms.identity[i], n) + 1] += 1
    for bucket in range(n):
        next_slot[bucket + 1] += next_slot[bucket]
    unsorted = rows.copy()
    for i in unsorted:
        bucket = chance.index(key, firms.identity[i], n)
        rows[next_slot[bucket]] = i
        next_slot[bucket] += 1
    for k in range(1, n):
        i, drawn, gap = rows[k], chance.bits(key, firms.identity[rows[k]]), k
        while gap > 0 and chance.bits(key, firms.identity[rows[gap - 1]]) > drawn:
            rows[gap] = rows[gap - 1]
            gap -= 1
        rows[gap] = i
