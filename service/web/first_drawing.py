"""The renderer of charts takes a second or two to start: it does so while the first page is being read."""

from functools import cache
from threading import Thread

from service.charts.browser import browser_bundle
from service.charts.rendering import render

_NOTHING = {"data": {"values": []}, "mark": "point", "description": ""}


@cache
def prepare_drawing() -> None:
    """Starts it in the background, once in a process; a process that serves no page never pays for it."""
    Thread(target=_draw, name="tokencast-first-drawing").start()


def _draw() -> None:
    render(_NOTHING, "svg")
    browser_bundle()
