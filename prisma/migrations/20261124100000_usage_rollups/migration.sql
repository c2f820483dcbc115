-- Statistics over a million events in a moment. usage_hour has a row for nearly every event when prompts are
-- many; these two are made from it, a day at a time, once the day is long over (lib/usage/roll-up.ts).

-- Every hour without its prompts.
CREATE TABLE usage_total_hour (
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
CREATE INDEX usage_total_hour_by_hour ON usage_total_hour (workspace_id, hour);

-- Every prompt and version by days of UTC; `hour` is the first of the day.
CREATE TABLE usage_prompt_day (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  operation       text NOT NULL,
  surface         text NOT NULL,
  client_name     text,
  total           bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL,
  bucket_numbers  smallint[] NOT NULL,
  bucket_counts   bigint[] NOT NULL
);
CREATE INDEX usage_prompt_day_by_day ON usage_prompt_day (workspace_id, hour);
CREATE INDEX usage_prompt_day_by_prompt ON usage_prompt_day (workspace_id, prompt_id, hour);

-- Everything before `until` is in both tables.
CREATE TABLE usage_rolled (
  workspace_id  uuid PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
  until         timestamptz(0) NOT NULL
);
