"""Make frozen records of annotated classes, as `dataclasses` does, without what that costs at each start.

`dataclasses` imports `inspect` and compiles the methods of each class anew: a sixth of what an environment made by uv takes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeVar

    from typing_extensions import dataclass_transform

    R = TypeVar("R", bound="Record")
else:

    def dataclass_transform(**_how):  # noqa: ANN003, ANN201 what type checkers read stands above
        """Leave the class as it is: what PEP 681 tells type checkers means nothing to Python."""
        return lambda found: found


@dataclass_transform(frozen_default=True)
class Record:
    """A value whose fields are the annotations of its class; `vars` gives them by name, in their order."""

    def __init__(self, *values: Any, **named: Any) -> None:
        cls = type(self)
        fields = tuple(cls.__annotations__)
        given = {**dict(zip(fields, values, strict=False)), **named}
        values_of = {name: given[name] if name in given else getattr(cls, name) for name in fields}
        if len(given) < len(values) + len(named) or given.keys() - values_of.keys():
            raise TypeError(f"{cls.__name__} takes {', '.join(fields)}, each once")
        vars(self).update(values_of)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: what was once read stays as it is."""
        raise AttributeError(f"{type(self).__name__} is frozen: make another one with replace({name}=...)")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: a record has all its fields."""
        raise AttributeError(f"{type(self).__name__} is frozen: {name} stays")

    def __eq__(self, other: object) -> bool:
        """Tell whether another record is of the same class and holds the same."""
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        """Hash what is held; TypeError where a part of it has no hash."""
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        """Return the record as it is written in Python."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


def replace(record: R, **changes: Any) -> R:
    """Return the same record with some fields changed."""
    return type(record)(**{**vars(record), **changes})
