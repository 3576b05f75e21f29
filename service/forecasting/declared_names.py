"""What the parts of a frozen plan are called: a pointer into it counts them, and people know them by name."""

import msgspec


class _Part(msgspec.Struct, frozen=True):
    name: str = ""


class DeclaredNames(msgspec.Struct, frozen=True, kw_only=True):
    """The lists of a plan whose items have names; everything else in it is passed over."""

    workloads: tuple[_Part, ...] = ()
    fleets: tuple[_Part, ...] = ()
    contracts: tuple[_Part, ...] = ()

    def name_at(self, part: str, index: int) -> str | None:
        """The name of an item of one of the lists; None where there is none such."""
        items: tuple[_Part, ...] = getattr(self, part) if part in self.__struct_fields__ else ()
        return items[index].name if 0 <= index < len(items) else None

    def head_of(self, pointer: str) -> tuple[str, str] | None:
        """The list and the name of the item that the pointer begins with, if it does."""
        part, _, rest = pointer.removeprefix("/").partition("/")
        index = rest.partition("/")[0]
        name = self.name_at(part, int(index)) if index.isascii() and index.isdigit() else None
        return None if name is None else (part, name)


def declared_names(snapshot: bytes) -> DeclaredNames:
    return msgspec.json.decode(snapshot, type=DeclaredNames)
