"""A random but reproducible order of firms."""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.compiled import kernel
from sim.economy.state import Firms, Room


@kernel
def put_in_random_order(room: Room, n: int, firms: Firms, key: np.uint64) -> None:
    """Sort the first n rows by a random draw of each firm. Modified in place: room.rows.

    A bucket sort, then insertion: the time is linear in the number of rows.
    """
    rows, unsorted, next_place = room.rows, room.unsorted, room.next_place
    next_place[: n + 1] = 0
    for k in range(n):
        unsorted[k] = rows[k]
        next_place[chance.index(key, firms.identity[rows[k]], n) + 1] += 1
    for bucket in range(n):
        next_place[bucket + 1] += next_place[bucket]
    for k in range(n):
        bucket = chance.index(key, firms.identity[unsorted[k]], n)
        rows[next_place[bucket]] = unsorted[k]
        next_place[bucket] += 1
    for k in range(1, n):
        i, drawn, gap = rows[k], chance.bits(key, firms.identity[rows[k]]), k
        while gap > 0 and chance.bits(key, firms.identity[rows[gap - 1]]) > drawn:
            rows[gap] = rows[gap - 1]
            gap -= 1
        rows[gap] = i
