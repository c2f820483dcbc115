-- Works beside versions from 0.2.0 on.
-- Rankings among any number of prompts, callers without prompts, and when each prompt was used last. They are made
-- from days that are summed up; a day that has none yet, because a version summed it up that does not know them, is
-- read whole, and gets them later.

-- The most used prompts of a day or month of UTC: of everything, of one surface, or of one client. Whoever is not in
-- a list has at most `rest` uses in it. A day or month is listed when its list of everything is there.
CREATE TABLE usage_top (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  unit          text NOT NULL CHECK (unit IN ('day', 'month')),
  hour          timestamptz(0) NOT NULL,
  way           text NOT NULL CHECK (way IN ('all', 'surface', 'client')),
  -- The surface, or the client ('': those without a name).
  name          text NOT NULL,
  prompt_ids    uuid[] NOT NULL,
  uses          bigint[] NOT NULL CHECK (cardinality(uses) = cardinality(prompt_ids)),
  rest          bigint NOT NULL CHECK (rest >= 0),
  PRIMARY KEY (workspace_id, unit, hour, way, name)
);

-- Callers by day of UTC, without prompts and variables.
CREATE TABLE usage_actor_day (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  surface         text NOT NULL,
  client_name     text,
  actor_id        uuid NOT NULL,
  gets            bigint NOT NULL,
  renders         bigint NOT NULL,
  tool_calls      bigint NOT NULL,
  failed          bigint NOT NULL,
  last_at         timestamptz(3) NOT NULL
);
CREATE INDEX usage_actor_day_by_day ON usage_actor_day (workspace_id, hour);

-- The last use of each prompt in all days that are listed. It is never taken back: uses stay for ever.
CREATE TABLE usage_prompt_last (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id     uuid NOT NULL,
  last_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (workspace_id, prompt_id)
);

-- As before, and the lists and callers of these days with them. Versions that know neither call it as well.
CREATE OR REPLACE FUNCTION forget_usage_sums(p_workspace uuid, p_from date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_day timestamptz := p_from::timestamp AT TIME ZONE 'UTC';
  v_month timestamptz := date_trunc('month', v_day, 'UTC');
BEGIN
  PERFORM FROM usage_rolled WHERE workspace_id = p_workspace AND until > v_day FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
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
  UPDATE usage_rolled SET until = v_day, months_until = least(months_until, v_month)
    WHERE workspace_id = p_workspace;
  RETURN true;
END $$;
