"""The first tables: workspaces and keys, the estate, prices, forecasts with their lines, and the books about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_workspaces_name_length"),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("name", name="uq_workspaces_name"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scopes <@ ARRAY['read', 'write', 'approve', 'admin']", name="ck_api_keys_scopes_known"),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_api_keys_name_length"),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name="ck_api_keys_secret_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_api_keys_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
    )
    op.create_index("ix_api_keys_workspace_id_id", "api_keys", ["workspace_id", "id"], unique=False)
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(action) BETWEEN 1 AND 100", name="ck_audit_log_action_length"),
        sa.CheckConstraint("char_length(actor) BETWEEN 1 AND 200", name="ck_audit_log_actor_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_audit_log_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_workspace_id_id", "audit_log", ["workspace_id", "id"], unique=False)
    op.create_table(
        "forecasts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("inputs_sha256", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("horizon_first_month", sa.Date(), nullable=True),
        sa.Column("horizon_months", sa.SmallInteger(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("progress_fraction", sa.Double(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_token", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Numeric(), nullable=True),
        sa.Column("budget_amount", sa.Numeric(), nullable=True),
        sa.Column("expected", sa.Numeric(), nullable=True),
        sa.Column("contingency", sa.Numeric(), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled'))",
            name="ck_forecasts_finished_at_the_end",
        ),
        sa.CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="ck_forecasts_problem_when_failed"),
        sa.CheckConstraint(
            "(status = 'running') = (claim_token IS NOT NULL AND lease_expires_at IS NOT NULL)",
            name="ck_forecasts_lease_when_running",
        ),
        sa.CheckConstraint(
            "(status = 'succeeded') = (document IS NOT NULL)", name="ck_forecasts_document_when_succeeded"
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_forecasts_currency_code"),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="ck_forecasts_status_known"
        ),
        sa.CheckConstraint("char_length(inputs_sha256) BETWEEN 64 AND 64", name="ck_forecasts_inputs_sha256_length"),
        sa.CheckConstraint("draws > 0", name="ck_forecasts_draws_positive"),
        sa.CheckConstraint("progress_fraction BETWEEN 0 AND 1", name="ck_forecasts_progress_is_a_fraction"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_forecasts_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_forecasts"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_forecasts_workspace_id_id"),
    )
    op.create_index(
        "ix_forecasts_unfinished",
        "forecasts",
        ["queued_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_status", sa.SmallInteger(), nullable=True),
        sa.Column("response_headers", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("response_body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'finished') = (response_status IS NOT NULL)", name="ck_idempotency_keys_response_when_finished"
        ),
        sa.CheckConstraint("state IN ('running', 'finished')", name="ck_idempotency_keys_state_known"),
        sa.CheckConstraint("char_length(key) BETWEEN 1 AND 255", name="ck_idempotency_keys_key_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_idempotency_keys_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "route", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(event) BETWEEN 1 AND 100", name="ck_outbox_event_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_outbox_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["id"], unique=False, postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_index("ix_outbox_workspace_id_id", "outbox", ["workspace_id", "id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_plans_name_length"),
        sa.CheckConstraint("version > 0", name="ck_plans_version_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_plans_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_plans_workspace_id_id"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_plans_workspace_id_name"),
    )
    op.create_table(
        "prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("per_tokens", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("utc_window", sa.Text(), nullable=True),
        sa.Column("service_tier", sa.Text(), nullable=False),
        sa.Column("prompt_tokens_from", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("date_basis", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_prices_currency_code"),
        sa.CheckConstraint("rate >= 0::numeric AND rate < 'Infinity'::numeric", name="ck_prices_rate_finite"),
        sa.CheckConstraint(
            "status IN ('list', 'promotional', 'scheduled', 'cancelled', 'negotiated')", name="ck_prices_status_known"
        ),
        sa.CheckConstraint("char_length(meter) BETWEEN 1 AND 100", name="ck_prices_meter_length"),
        sa.CheckConstraint("char_length(model) BETWEEN 1 AND 200", name="ck_prices_model_length"),
        sa.CheckConstraint("char_length(provider) BETWEEN 1 AND 200", name="ck_prices_provider_length"),
        sa.CheckConstraint("char_length(service_tier) BETWEEN 1 AND 100", name="ck_prices_service_tier_length"),
        sa.CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="ck_prices_effective_period"),
        sa.CheckConstraint("octet_length(content_hash) = 32", name="ck_prices_content_hash_is_sha256"),
        sa.CheckConstraint("per_tokens > 0", name="ck_prices_per_tokens_positive"),
        sa.CheckConstraint("prompt_tokens_from >= 0", name="ck_prices_prompt_tokens_from_not_negative"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_prices_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prices"),
        sa.UniqueConstraint(
            "workspace_id",
            "content_hash",
            name="uq_prices_workspace_id_content_hash",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_prices_provider_model_meter", "prices", ["provider", "model", "meter"], unique=False)
    op.create_index("ix_prices_workspace_id_id", "prices", ["workspace_id", "id"], unique=False)
    op.create_table(
        "budget_lines",
        sa.Column("forecast_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("workload", sa.Text(), nullable=True),
        sa.Column("cost_center", sa.Text(), nullable=True),
        sa.Column("gl_account", sa.Text(), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("meter", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("unit_price", sa.Numeric(), nullable=True),
        sa.Column("billed", sa.Numeric(), nullable=False),
        sa.Column("effective", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "billed > '-Infinity'::numeric AND billed < 'Infinity'::numeric", name="ck_budget_lines_billed_finite"
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_budget_lines_currency_code"),
        sa.CheckConstraint(
            "effective > '-Infinity'::numeric AND effective < 'Infinity'::numeric",
            name="ck_budget_lines_effective_finite",
        ),
        sa.CheckConstraint("position >= 0", name="ck_budget_lines_position_not_negative"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "forecast_id"],
            ["forecasts.workspace_id", "forecasts.id"],
            name="fk_budget_lines_workspace_id_forecast_id_forecasts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("forecast_id", "position", name="pk_budget_lines"),
    )
    op.create_table(
        "fleets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cost_center", sa.Text(), nullable=True),
        sa.Column("accelerator", sa.Text(), nullable=False),
        sa.Column("serves", sa.Text(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_fleets_currency_code"),
        sa.CheckConstraint("char_length(accelerator) BETWEEN 1 AND 200", name="ck_fleets_accelerator_length"),
        sa.CheckConstraint("char_length(cost_center) BETWEEN 0 AND 200", name="ck_fleets_cost_center_length"),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_fleets_name_length"),
        sa.CheckConstraint("char_length(serves) BETWEEN 1 AND 200", name="ck_fleets_serves_length"),
        sa.CheckConstraint("nodes >= 0", name="ck_fleets_nodes_not_negative"),
        sa.CheckConstraint("version > 0", name="ck_fleets_version_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "plan_id"],
            ["plans.workspace_id", "plans.id"],
            name="fk_fleets_workspace_id_plan_id_plans",
            ondelete="SET NULL (plan_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_fleets_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fleets"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_fleets_workspace_id_name"),
    )
    op.create_index("ix_fleets_workspace_id_id", "fleets", ["workspace_id", "id"], unique=False)
    op.create_index("ix_fleets_workspace_id_plan_id", "fleets", ["workspace_id", "plan_id"], unique=False)
    op.create_table(
        "workloads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cost_center", sa.Text(), nullable=True),
        sa.Column("gl_account", sa.Text(), nullable=True),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(cost_center) BETWEEN 0 AND 200", name="ck_workloads_cost_center_length"),
        sa.CheckConstraint("char_length(gl_account) BETWEEN 0 AND 200", name="ck_workloads_gl_account_length"),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_workloads_name_length"),
        sa.CheckConstraint("char_length(task) BETWEEN 1 AND 100", name="ck_workloads_task_length"),
        sa.CheckConstraint("version > 0", name="ck_workloads_version_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "plan_id"],
            ["plans.workspace_id", "plans.id"],
            name="fk_workloads_workspace_id_plan_id_plans",
            ondelete="SET NULL (plan_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_workloads_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workloads"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_workloads_workspace_id_name"),
    )
    op.create_index("ix_workloads_workspace_id_id", "workloads", ["workspace_id", "id"], unique=False)
    op.create_index("ix_workloads_workspace_id_plan_id", "workloads", ["workspace_id", "plan_id"], unique=False)


def downgrade() -> None:
    op.drop_table("workloads")
    op.drop_table("fleets")
    op.drop_table("budget_lines")
    op.drop_table("prices")
    op.drop_table("plans")
    op.drop_table("outbox")
    op.drop_table("idempotency_keys")
    op.drop_table("forecasts")
    op.drop_table("audit_log")
    op.drop_table("api_keys")
    op.drop_table("workspaces")
