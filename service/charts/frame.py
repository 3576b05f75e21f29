"""The frame of a picture: its size in logical pixels and its theme, and what follows from them for what is inside."""

from dataclasses import dataclass, replace
from typing import Literal

from service.charts.theme import THEMES, Theme

SizeName = Literal["wide", "phone"]
ThemeName = Literal["light", "dark"]

SIZES: dict[SizeName, tuple[int, int]] = {"wide": (1200, 700), "phone": (390, 560)}

# Below this width labels thin out, panels stand under each other and legends take several rows.
_NARROW_BELOW = 640
_LEAST_HEIGHT = 440
_PADDING = {False: 24, True: 12}


@dataclass(frozen=True, kw_only=True)
class Frame:
    width: int
    height: int
    theme: Theme
    currency: str = "USD"

    @property
    def narrow(self) -> bool:
        return self.width < _NARROW_BELOW

    @property
    def padding(self) -> int:
        return _PADDING[self.narrow]

    @property
    def inner_width(self) -> int:
        return self.width - 2 * self.padding

    @property
    def label_size(self) -> int:
        return 12 if self.narrow else 15

    @property
    def title_size(self) -> int:
        return 17 if self.narrow else 24

    @property
    def subtitle_size(self) -> int:
        return 12 if self.narrow else 15

    @property
    def axis_width(self) -> int:
        """What the labels of a vertical axis take, the same in every panel so that panels line up."""
        return 64 if self.narrow else 92

    def in_currency(self, currency: str) -> "Frame":
        return replace(self, currency=currency)

    def at_least(self, height: int) -> "Frame":
        return replace(self, height=max(self.height, height))


def frame(size: SizeName = "wide", theme: ThemeName = "light", width: int | None = None) -> Frame:
    """A frame of a named size, or `width` pixels wide and as high as the nearer of the two would be."""
    if width is None:
        width, height = SIZES[size]
    else:
        wide, high = SIZES["wide"]
        height = SIZES["phone"][1] if width < _NARROW_BELOW else max(_LEAST_HEIGHT, round(width * high / wide))
    return Frame(width=width, height=height, theme=THEMES[theme])
