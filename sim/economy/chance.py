"""Counter-based random numbers: every draw is a pure function of (seed, month, purpose, entity).

No stream is shared, so no firm's draws depend on other firms, on the order of loops or on the number of threads. The hash is
SplitMix64 (Steele, Lea & Flood 2014): a key is mixed once per field, and entity e draws the e-th value of that key's sequence.
"""

from __future__ import annotations

import numpy as np

from sim.economy.arithmetic import normal_quantile
from sim.economy.compiled import kernel

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
S27, S30, S31, S11 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11)
UNIT = 2.0**-53

# Purposes: what a number is drawn for. Every result depends on their values: append new ones, never renumber.
INTERACTIONS, CONTRIBUTION, DRIFT, SHOCK = 1, 2, 3, 4
STRATEGY, SALES_FOCUS, COMPETENCE, BUSINESS_MODEL = 5, 6, 7, 8
ENTRANT_STRATEGY, REVISION, ROLE_MODEL, ADOPTION = 9, 10, 11, 12
MEETING, PARTNER, ORDER, KEEPS_WORD, STAFFING = 13, 14, 15, 16, 17
EXCHANGE, ALLY, DOMAIN, IDEA = 18, 19, 20, 21
JUDGE_PRACTICE, JUDGE_IDEA, JUDGE_PROPOSAL, MONITORING = 22, 23, 24, 25
INHERITANCE, ANCESTOR, FIRST_WANTED = 26, 27, 28
REVIEW, REVIEWED, REVIEW_ADOPTION, VARIATION, VARIATION_SIGN = 29, 30, 31, 32, 33
RECONSIDER, COMPARISON, LEAVING = 34, 35, 36
PLACEBO, TRIAL = 37, 38


@kernel
def mix(x: np.uint64) -> np.uint64:
    """Scramble 64 bits one to one (the finaliser of SplitMix64)."""
    x = (x ^ (x >> S30)) * MIX_1
    x = (x ^ (x >> S27)) * MIX_2
    return x ^ (x >> S31)


@kernel
def bits(key: np.uint64, entity: np.uint64) -> np.uint64:
    """Entity's 64 random bits under a key: number `entity` of the key's SplitMix64 sequence."""
    return mix(key + (entity + np.uint64(1)) * GAMMA)


@kernel
def key(seed: np.uint64, month: int, purpose: int) -> np.uint64:
    """The key under which all entities draw for one purpose in one month."""
    return bits(bits(mix(seed + GAMMA), np.uint64(month)), np.uint64(purpose))


@kernel
def unit(random_bits: np.uint64) -> float:
    """A uniform number strictly between 0 and 1 from the upper 53 bits."""
    return (np.float64(random_bits >> S11) + 0.5) * UNIT


@kernel
def uniform(key: np.uint64, entity: np.uint64) -> float:
    """Entity's uniform draw on (0, 1) under a key."""
    return unit(bits(key, entity))


@kernel
def normal(key: np.uint64, entity: np.uint64) -> float:
    """Entity's standard normal draw under a key, by inversion."""
    return normal_quantile(unit(bits(key, entity)))


@kernel
def index(key: np.uint64, entity: np.uint64, n: int) -> int:
    """Entity's draw of one of 0..n-1, equally likely; for sets whose size no treatment changes."""
    return int(unit(bits(key, entity)) * n)
