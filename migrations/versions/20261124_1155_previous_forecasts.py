"""The forecast that a re-forecast renews."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("forecasts", sa.Column("previous_forecast_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_forecasts_workspace_id_previous_forecast_id_forecasts",
        "forecasts",
        "forecasts",
        ["workspace_id", "previous_forecast_id"],
        ["workspace_id", "id"],
    )
    op.create_index(
        "ix_forecasts_workspace_id_previous_forecast_id", "forecasts", ["workspace_id", "previous_forecast_id"]
    )


def downgrade() -> None:
    op.drop_column("forecasts", "previous_forecast_id")
