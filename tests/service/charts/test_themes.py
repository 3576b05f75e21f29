"""Both themes can be read: contrast with the background, and colours that stay apart for the colour-blind."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest

from service.charts.theme import THEMES, Theme

# Machado, Oliveira and Fernandes 2009, table 1 at severity 1.0: what is left of linear RGB.
SIMULATIONS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
# A just noticeable difference in CIELAB is about 2.3 (Mahy et al. 1994); areas get several of them.
LEAST_DISTANCE = 12.0


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    """WCAG 2.2."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    fx, fy, fz = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def least_distance(colours: Sequence[str], matrix: list[list[float]]) -> float:
    seen = [lab(np.array(matrix) @ linear(colour)) for colour in colours]
    return min(float(np.linalg.norm(first - second)) for first, second in combinations(seen, 2))


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_words_and_lines_stand_out_from_the_background(theme: Theme) -> None:
    assert contrast(theme.text, theme.background) >= 7
    assert contrast(theme.muted, theme.background) >= 4.5
    assert min(contrast(colour, theme.background) for colour in (theme.main, theme.accent, theme.other)) >= 3
    assert min(contrast(colour, theme.background) for colour in (theme.alarm, theme.quiet)) >= 3
    assert contrast(theme.text, theme.band) >= 4.5


@pytest.mark.parametrize("matrix", SIMULATIONS.values(), ids=list(SIMULATIONS))
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_no_two_colours_of_a_series_look_alike_to_the_colour_blind(theme: Theme, matrix: list[list[float]]) -> None:
    assert least_distance(theme.series, matrix) >= LEAST_DISTANCE


@pytest.mark.parametrize("matrix", SIMULATIONS.values(), ids=list(SIMULATIONS))
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_colours_with_a_meaning_differ_for_the_colour_blind(theme: Theme, matrix: list[list[float]]) -> None:
    """Those that stand in one legend: the fleet, the API, the alarm, and what is only for comparison."""
    assert least_distance((theme.main, theme.quiet, theme.other, theme.alarm), matrix) >= LEAST_DISTANCE
