-- Works beside versions from 0.2.0 on.
-- Sums of the hours that are over, of days that are not summed up yet. They are in tables of their own: a version that
-- does not know them sums up the whole day into those that it knows, and what is here counts no more from then on.

-- Hours are summed up from `until` to here. NULL: none is.
ALTER TABLE usage_rolled ADD COLUMN hours_until timestamptz(0);

-- Every hour by way and client.
CREATE TABLE usage_open_way (
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
CREATE INDEX usage_open_way_by_hour ON usage_open_way (workspace_id, hour);

-- Every hour by prompt and version.
CREATE TABLE usage_open_prompt (
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
CREATE INDEX usage_open_prompt_by_hour ON usage_open_prompt (workspace_id, hour);
CREATE INDEX usage_open_prompt_by_prompt ON usage_open_prompt (workspace_id, prompt_id, hour);

-- The most used prompts of each of these hours.
ALTER TABLE usage_top DROP CONSTRAINT usage_top_unit_check,
  ADD CONSTRAINT usage_top_unit_check CHECK (unit IN ('hour', 'day', 'month'));

-- Takes back the sums of the hour of a time, or of its day where that is summed up, and of all later ones.
CREATE FUNCTION take_back_usage(p_workspace uuid, p_from timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_hour timestamptz := date_trunc('hour', p_from, 'UTC');
  v_day timestamptz := date_trunc('day', p_from, 'UTC');
  v_month timestamptz := date_trunc('month', p_from, 'UTC');
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
  DELETE FROM usage_prompt_month WHERE workspace_id = p_workspace AND hour >= v_month;
  DELETE FROM usage_prompt_way_month WHERE workspace_id = p_workspace AND hour >= v_month;
  DELETE FROM usage_actor_day WHERE workspace_id = p_workspace AND hour >= v_day;
  DELETE FROM usage_top WHERE workspace_id = p_workspace
    AND hour >= CASE unit WHEN 'month' THEN v_month ELSE v_day END;
  UPDATE usage_rolled SET until = v_day, months_until = least(months_until, v_month), hours_until = NULL
    WHERE workspace_id = p_workspace;
  RETURN true;
END $$;

-- Versions that know days alone call it.
CREATE OR REPLACE FUNCTION forget_usage_sums(p_workspace uuid, p_from date) RETURNS boolean LANGUAGE sql AS $$
  SELECT take_back_usage(p_workspace, p_from::timestamp AT TIME ZONE 'UTC')
$$;
