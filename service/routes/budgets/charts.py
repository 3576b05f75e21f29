"""The picture of a budget against actual cost and a forecast."""

from litestar import Response

from service.problem_types import NO_BUDGET, NOT_FOUND
from service.protocol.operations import operation
from service.protocol.pictures import PICTURE_ANSWERS, chart_of, files_of, picture_answer
from service.protocol.requests import Incoming, PathText, read_query
from service.routes.budgets.comparisons import compared
from service.routes.budgets.versions import ONE
from service.schemas.chart import BudgetChartQuery

_FILES = files_of({"months": "budget-months"})


@operation(
    "GET",
    ONE + "/charts/{file:str}",
    "getBudgetChart",
    summary="Budget, actual cost and forecast by month, as a picture or its definition in Vega-Lite",
    tag="budgets",
    scope="read",
    query=BudgetChartQuery,
    takes=("If-None-Match",),
    choices={"file": tuple(_FILES)},
    answers=PICTURE_ANSWERS,
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_chart(request: Incoming, budget_id: PathText, file: PathText) -> Response[bytes]:
    query = read_query(request, BudgetChartQuery)
    chart = chart_of(file, _FILES)
    document = compared(request, budget_id, query.forecast)
    return picture_answer(request, chart, query, lambda: document).response()


ROUTES = (get_chart,)
