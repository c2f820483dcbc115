-- Works beside versions from 0.2.0 on.
-- Failures that are alike stand together, with all that adding them up needs.
DROP INDEX usage_failure_hour_alike;
CREATE INDEX usage_failure_hour_alike ON usage_failure_hour (workspace_id, alike, hour) INCLUDE (total, last_at);
DROP INDEX usage_failure_hour_by_hour;
CREATE INDEX usage_failure_hour_by_hour ON usage_failure_hour (workspace_id, hour);

-- A row changes every day of its month: its versions find room beside it.
ALTER TABLE usage_prompt_month_days SET (fillfactor = 70);

-- Prompts by thirds of months, which begin on the 1st, 11th and 21st day of UTC: a span that begins and ends within
-- months reads a third of the rows.
CREATE TABLE usage_prompt_third (
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
CREATE INDEX usage_prompt_third_by_third ON usage_prompt_third (workspace_id, hour);
CREATE INDEX usage_prompt_third_by_prompt ON usage_prompt_third (workspace_id, prompt_id, hour);
ALTER TABLE usage_rolled ADD COLUMN thirds_until timestamptz(0);

-- What each caller used, by prompt and version. All days are listed anew, with it.
CREATE TABLE usage_actor_prompt_day (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  actor_id        uuid NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  surface         text NOT NULL,
  client_name     text,
  gets            bigint NOT NULL,
  renders         bigint NOT NULL,
  tool_calls      bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL
);
CREATE INDEX usage_actor_prompt_day_by_day ON usage_actor_prompt_day (workspace_id, hour);
CREATE INDEX usage_actor_prompt_day_by_actor ON usage_actor_prompt_day (workspace_id, actor_id, prompt_id, hour);
DELETE FROM usage_top WHERE unit = 'day';
DELETE FROM usage_actor_day;

-- What one of them used is found there.
DROP INDEX usage_caller_day_by_actor_and_prompt;
CREATE INDEX usage_caller_day_by_actor ON usage_caller_day (workspace_id, actor_id, hour);

-- Takes back the sums of the hour of a time, or of its day where that is summed up, and of all later ones.
CREATE OR REPLACE FUNCTION take_back_usage(p_workspace uuid, p_from timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_hour timestamptz := date_trunc('hour', p_from, 'UTC');
  v_day timestamptz := date_trunc('day', p_from, 'UTC');
  v_month timestamptz := date_trunc('month', p_from, 'UTC');
  v_third timestamptz := v_month + interval '240 hours' * least(2, (extract(day FROM p_from AT TIME ZONE 'UTC')::integer - 1) / 10);
  v_rolled usage_rolled;
BEGIN
  SELECT * INTO v_rolled FROM usage_rolled
    WHERE workspace_id = p_workspace AND (until > v_day OR hours_until > v_hour) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF v_rolled.until <= v_day THEN
    v_day := NULL;
  END IF;
  DELETE FROM usage_open_way WHERE workspace_id = p_workspace AND hour >= coalesce(v_day, v_hour);
  DELETE FROM usage_open_prompt WHERE workspace_id = p_workspace AND hour >= coalesce(v_day, v_hour);
  DELETE FROM usage_top WHERE workspace_id = p_workspace AND unit = 'hour' AND hour >= coalesce(v_day, v_hour);
  IF v_day IS NULL THEN
    UPDATE usage_rolled SET hours_until = least(hours_until, v_hour) WHERE workspace_id = p_workspace;
    RETURN true;
  END IF;
  DELETE FROM usage_all_hour WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_way_hour WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_way_day WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_prompt_day WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_prompt_way_day WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_prompt_third WHERE workspace_id = p_workspace AND hour >= v_third;
  DELETE FROM usage_prompt_month WHERE workspace_id = p_workspace AND hour >= v_month;
  DELETE FROM usage_prompt_way_month WHERE workspace_id = p_workspace AND hour >= v_month;
  DELETE FROM usage_actor_day WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_actor_prompt_day WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_top WHERE workspace_id = p_workspace
    AND hour >= CASE unit WHEN 'month' THEN v_month ELSE v_day END;
  UPDATE usage_rolled SET until = v_day, months_until = least(months_until, v_month),
      thirds_until = least(thirds_until, v_third), hours_until = NULL
    WHERE workspace_id = p_workspace;
  RETURN true;
END $$;
