-- Statistics over a million events in a moment. usage_hour has a row for nearly every event when prompts are
-- many; these are made from it, some days at a time, once a day is long over (lib/usage/roll-up.ts). In the
-- tables of days `hour` is the first hour of a day of UTC.

-- Every hour, whatever was used in whichever way.
CREATE TABLE usage_all_hour (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  gets            bigint NOT NULL,
  renders         bigint NOT NULL,
  tool_calls      bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL,
  bucket_numbers  smallint[] NOT NULL,
  bucket_counts   bigint[] NOT NULL
);
CREATE INDEX usage_all_hour_by_hour ON usage_all_hour (workspace_id, hour);

-- Every hour by way and client, without prompts.
CREATE TABLE usage_way_hour (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
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
CREATE INDEX usage_way_hour_by_hour ON usage_way_hour (workspace_id, hour);

-- The same by days.
CREATE TABLE usage_way_day (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
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
CREATE INDEX usage_way_day_by_day ON usage_way_day (workspace_id, hour);

-- Every prompt and version by days.
CREATE TABLE usage_prompt_day (
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
CREATE INDEX usage_prompt_day_by_day ON usage_prompt_day (workspace_id, hour);
CREATE INDEX usage_prompt_day_by_prompt ON usage_prompt_day (workspace_id, prompt_id, hour);

-- Every prompt and version by days, by way and client.
CREATE TABLE usage_prompt_way_day (
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
CREATE INDEX usage_prompt_way_day_by_day ON usage_prompt_way_day (workspace_id, hour);

-- Everything before `until` is in all of them.
CREATE TABLE usage_rolled (
  workspace_id  uuid PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
  until         timestamptz(0) NOT NULL
);
