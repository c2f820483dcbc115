-- Rankings of long spans: whole months of prompts, made from their days. `hour` is the first hour of a month of UTC.

CREATE TABLE usage_prompt_month (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  gets            bigint NOT NULL,
  renders         bigint NOT NULL,
  tool_calls      bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL,
  bucket_numbers  smallint[] NOT NULL,
  bucket_counts   bigint[] NOT NULL
);
CREATE INDEX usage_prompt_month_by_month ON usage_prompt_month (workspace_id, hour);

CREATE TABLE usage_prompt_way_month (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  surface         text NOT NULL,
  client_name     text,
  gets            bigint NOT NULL,
  renders         bigint NOT NULL,
  tool_calls      bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL,
  bucket_numbers  smallint[] NOT NULL,
  bucket_counts   bigint[] NOT NULL
);
CREATE INDEX usage_prompt_way_month_by_month ON usage_prompt_way_month (workspace_id, hour);

-- Every month before it is in both; null: none yet.
ALTER TABLE usage_rolled ADD COLUMN months_until timestamptz(0);
