"""What messages repeat of other people's text: always one line, never long, and nothing that a terminal would obey."""

from __future__ import annotations

import reprlib
import unicodedata

LONGEST_LINE = 450  # characters of a message
LONGEST_VALUE = 60  # characters of one value in it
GAP = " ... "
SPACES = "Zs"  # Unicode's category of spaces, also of those that do not break a line


def printable(text: str) -> str:
    r"""Return the text with all that is not to be seen written as an escape: control characters, ANSI sequences, line ends.

    >>> from sim.economy.messages import printable
    >>> print(printable("red \x1b[31m"))
    red \x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or unicodedata.category(c) == SPACES else repr(c)[1:-1] for c in text)


def one_line(text: str) -> str:
    """Return the text as one printable line, without its middle if it is too long: a message begins with the place and ends with
    the rule.
    """
    return _without_middle(printable(_without_middle(text, LONGEST_LINE)), LONGEST_LINE)


def shown(value: object) -> str:
    """Return a value as a message repeats it: as Python writes it, shortened.

    >>> from sim.economy.messages import shown
    >>> shown("fast"), shown(10**10000)
    ("'fast'", 'a whole number of 33220 bits')
    """
    return _Short().repr(value)


class _Short(reprlib.Repr):
    """Python's own shortening, which also survives what cannot be written: deep nesting, faulty `__repr__`, endless numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = LONGEST_VALUE

    def repr_int(self, x: int, level: int) -> str:
        try:
            return super().repr_int(x, level)
        except ValueError:  # Python does not write numbers of more than 4,300 digits
            return f"a whole number of {x.bit_length()} bits"


def _without_middle(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = (most - len(GAP)) // 2
    return text[: most - len(GAP) - end] + GAP + text[-end:]
