"""The methods of lines, told to people."""

from service.forecasting import line_trace
from service.schemas.forecast.line_trace import MethodOut
from service.wording.methods import method_sentences


def test_every_method_of_a_line_is_explained() -> None:
    methods = [one for one in vars(line_trace).values() if isinstance(one, MethodOut)]
    assert len(methods) >= 4
    assert [one.name for one in methods if not method_sentences(one.name)] == []


def test_a_method_of_another_version_is_passed_over() -> None:
    assert method_sentences("unheard_of") == ()
