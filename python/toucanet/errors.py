"""What goes wrong, as data and as exceptions.

TensorFlow's exception types and texts are kept where TensorFlow has one. What we can add (the nearest name, the next
step) is in the exception's `errors` and, for people, in its `__notes__`.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One problem of a conversion."""

    code: str  #: "TN2001": stable, explained in doc/diagnostics.md
    message: str  #: one sentence
    nodes: tuple[str, ...] = ()  #: the user's own nodes concerned
    notes: tuple[str, ...] = ()  #: next steps
    rewrite: str = ""  #: the rewrite after which it was seen

    @property
    def error_message(self) -> str:
        """TensorFlow's name for `message`."""
        return self.message

    @staticmethod
    def of(d: dict) -> "Problem":
        return Problem(d["code"], d["message"], tuple(d.get("nodes", ())), tuple(d.get("notes", ())), d.get("rewrite", ""))

    def __str__(self) -> str:
        where = [n for n in self.nodes if f"'{n}'" not in self.message]
        at = f" (at {', '.join(where[:5])}{', …' if len(where) > 5 else ''})" if where else ""
        return f"{self.code}: {self.message}{at}"


class ConverterError(Exception):
    """The model cannot be converted. `errors` lists every problem found, as `Problem`s."""

    def __init__(self, message: str, errors: Iterable[Problem] = ()):
        super().__init__(message)
        self.errors = list(errors)

    @staticmethod
    def of(problems: Sequence[Problem]) -> "ConverterError":
        e = ConverterError("\n".join(map(str, problems)), problems)
        add_notes(e, [n for p in problems for n in p.notes])
        return e

    def append_error(self, error: Any) -> None:
        self.errors.append(error)


class NotYet(NotImplementedError, AttributeError):
    """A name of TensorFlow's that this release does not have yet (so that hasattr() is False)."""


def add_notes(e: BaseException, notes: Iterable[str]) -> None:
    """e.add_note(), also before Python 3.11."""
    for n in dict.fromkeys(notes):
        if hasattr(e, "add_note"):
            e.add_note(n)
        else:
            e.__notes__ = [*getattr(e, "__notes__", ()), n]  # type: ignore[attr-defined]


def explain(e: BaseException, problems: Iterable[Problem]) -> BaseException:
    """Gives an exception of TensorFlow's text our problems; returns it."""
    problems = list(problems)
    e.errors = problems  # type: ignore[attr-defined]
    add_notes(e, [n for p in problems for n in p.notes])
    return e


def misuse(kind: type, text: str, *notes: str, code: str = "TN0010", nodes: Iterable[str] = ()) -> BaseException:
    """An exception of TensorFlow's type and text, with our next steps."""
    return explain(kind(text), [Problem(code, text, tuple(nodes), notes)])


def missing(what: str, *notes: str) -> ConverterError:
    """A capability that this release does not have."""
    return ConverterError.of([Problem("TN0011", f"not available in this release: {what}", (), notes)])


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate most like `name`; empty if none is."""
    import difflib

    candidates = list(candidates)
    lower = {c.lower(): c for c in candidates}
    found = difflib.get_close_matches(name.lower(), lower, 1, 0.6)
    if found:
        return lower[found[0]]
    last = [c for c in candidates if c.rsplit("/", 1)[-1].lower() == name.rsplit("/", 1)[-1].lower()]
    return last[0] if last else ""
