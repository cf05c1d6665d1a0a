"""Seeded chance: what the demo company invents is the same on every machine and in every Python.

Only `Random.random` is used, the one method whose sequence Python promises to keep, and every stream is seeded with
a digest of its own name. So one customer's story does not change when another customer, or another day, is asked for.
"""

import hashlib
import random
from collections.abc import Sequence

SEED = 20101130


class Draw:
    """One named stream of chance."""

    def __init__(self, *names: object, seed: int = SEED) -> None:
        digest = hashlib.sha256("/".join(map(str, (seed, *names))).encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - invented data, no secret

    def share(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.share() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """A number from low up to high."""
        return low + self.share() * (high - low)

    def pick[T](self, choices: Sequence[T]) -> T:
        """One of the choices, each alike."""
        return choices[int(self.share() * len(choices))]

    def weighted[T](self, choices: Sequence[tuple[T, float]]) -> T:
        """One of the choices by its weight; the weights need not add up to anything."""
        rest = self.share() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            rest -= weight
            if rest < 0:
                return choice
        return choices[-1][0]
