-- Every day of UTC without its prompts: totals of a quarter are ninety days, not two thousand hours.
CREATE TABLE usage_total_day (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  operation       text NOT NULL,
  surface         text NOT NULL,
  client_name     text,
  total           bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL,
  bucket_numbers  smallint[] NOT NULL,
  bucket_counts   bigint[] NOT NULL
);
CREATE INDEX usage_total_day_by_day ON usage_total_day (workspace_id, hour);

-- All three are made again from the hours, which stay.
TRUNCATE usage_total_hour, usage_prompt_day, usage_rolled;
