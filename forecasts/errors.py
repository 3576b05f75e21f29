"""Errors that carry facts: what is wrong, and where in the document that declared it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with one field; `pointer` is a JSON pointer (RFC 6901) into the declared document."""

    pointer: str
    detail: str


class InvalidInput(ValueError):  # noqa: N818 - it names what was given, as the problem document does.
    """Everything found wrong with a document, field by field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in problems))


class Findings:
    """Collects problems, so that a reader of a document is told of all of them at once, one for each field.

    What is said of a field later often rests on the stand-in for its bad value, so the first problem counts.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._pointers: set[str] = set()

    def add(self, pointer: str, detail: str) -> None:
        if pointer not in self._pointers:
            self._pointers.add(pointer)
            self.problems.append(Problem(pointer=pointer, detail=detail))

    def require(self, *, holds: bool, pointer: str, detail: str) -> bool:
        if not holds:
            self.add(pointer, detail)
        return holds

    def end(self) -> None:
        """Raises InvalidInput when anything was found."""
        if self.problems:
            raise InvalidInput(tuple(self.problems))
