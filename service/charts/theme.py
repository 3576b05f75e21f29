"""Two themes, light and dark, of one palette whose colours stay apart for the colour-blind."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Theme:
    """`series` is in the order of use; the other colours each have one meaning in every chart."""

    background: str
    text: str
    muted: str
    grid: str
    main: str
    band: str
    accent: str
    other: str
    alarm: str
    quiet: str
    series: tuple[str, ...]


# The colours are those of Okabe and Ito (Color Universal Design, 2008), some made lighter or darker: lines and points
# have a contrast of 3 to 1 with the background.
LIGHT = Theme(
    background="#ffffff",
    text="#1b1f24",
    muted="#57606a",
    grid="#e4e7eb",
    main="#0072b2",
    band="#c6dff0",
    accent="#b35900",
    other="#007a5a",
    alarm="#c2410c",
    quiet="#8c959f",
    series=("#0072b2", "#e69f00", "#007a5a", "#56b4e9", "#cc79a7", "#6e7781", "#3b2a66", "#d55e00"),
)

DARK = Theme(
    background="#14161a",
    text="#e6e8eb",
    muted="#a5adb8",
    grid="#2d323a",
    main="#56b4e9",
    band="#1f4258",
    accent="#f0b429",
    other="#2bb58c",
    alarm="#ff8a5c",
    quiet="#8b939e",
    series=("#56b4e9", "#f0b429", "#2bb58c", "#2f7fb8", "#e8a5cc", "#767d87", "#e0daff", "#ff8a5c"),
)

THEMES = {"light": LIGHT, "dark": DARK}
