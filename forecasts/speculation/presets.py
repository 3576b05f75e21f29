"""The decoder presets by name, and whether one exists for a model."""

from functools import cache

from forecasts.catalog.decoders import DecoderPreset, load_decoders


class UnknownPreset(KeyError):  # noqa: N818 - states the fact.
    """A name that no preset bears; its words say which there are."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)

    def __str__(self) -> str:
        return unknown_preset(self.name)


@cache
def preset_names() -> tuple[str, ...]:
    """Every preset, in the catalogue's order."""
    return tuple(preset.preset for preset in load_decoders())


def find_preset(name: str) -> DecoderPreset:
    """The preset of this name; raises UnknownPreset."""
    for preset in load_decoders():
        if preset.preset == name:
            return preset
    raise UnknownPreset(name)


def unknown_preset(name: str) -> str:
    """The words of the problem that a name is no preset."""
    return f"{name[:64]!r} is no decoder preset; there are {', '.join(preset_names())}"


def preset_applies_to(preset: str, model_name: str) -> str | None:
    """None where the preset exists for the model, otherwise the words of the problem. Raises UnknownPreset.

    The model's name may have its provider before it, as in `deepseek/deepseek-v4-pro`.
    """
    families = find_preset(preset).model_families
    model = model_name.rpartition("/")[2].lower()
    if not families or model.startswith(families):
        return None
    usable = [one.preset for one in load_decoders() if not one.model_families or model.startswith(one.model_families)]
    return (
        f"{preset!r} exists for {' and '.join(families)} alone, not for {model_name!r}; "
        f"this model can have {', '.join(usable)}"
    )
