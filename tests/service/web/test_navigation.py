"""The menu: what leads somewhere for who reads."""

from service.web.navigation import SECTIONS, sections_for


def test_who_holds_every_scope_finds_every_section() -> None:
    assert sections_for({"read", "write", "approve", "admin"}) == list(SECTIONS)


def test_keys_are_in_the_menu_of_administrators_alone() -> None:
    held_back = set(SECTIONS) - set(sections_for({"read", "write", "approve"}))
    assert {one.name for one in held_back} == {"Keys"}


def test_nobody_has_no_menu() -> None:
    assert sections_for(()) == []
