-- Works beside versions from 0.2.0 on.

-- The most frequent reasons of failures of a day, third of a month or month of UTC, by what is the same in rows that
-- are alike: of everything, of one surface, of one client, or of one caller. A reason that is not in a list has at
-- most `rest` there. A day, third or month is listed when its list of everything is there.
CREATE TABLE usage_failure_top (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  unit          text NOT NULL CHECK (unit IN ('day', 'third', 'month')),
  hour          timestamptz(0) NOT NULL,
  way           text NOT NULL CHECK (way IN ('all', 'surface', 'client', 'actor')),
  -- The surface, the client ('': those without a name), or the caller's id.
  name          text NOT NULL,
  alike         bigint[] NOT NULL,
  totals        bigint[] NOT NULL CHECK (cardinality(totals) = cardinality(alike)),
  rest          bigint NOT NULL CHECK (rest >= 0),
  PRIMARY KEY (workspace_id, way, name, unit, hour)
);

-- As before, and these lists with the others.
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
  DELETE FROM usage_failure_top WHERE workspace_id = p_workspace
    AND hour >= CASE unit WHEN 'month' THEN v_month WHEN 'third' THEN v_third ELSE v_day END;
  UPDATE usage_rolled SET until = v_day, months_until = least(months_until, v_month),
      thirds_until = least(thirds_until, v_third), hours_until = NULL
    WHERE workspace_id = p_workspace;
  RETURN true;
END $$;
