-- One order of locks for what is spent. A transaction may give back in the windows of an earlier minute and take
-- from those of this one. Each of the two locked its own rows in order, but together they had none: one held the
-- month and wanted the new minute, another held the new minute and wanted the month.
--
-- Now the rows of months come first, by subject, and those of minutes after them; rows that are not there yet are
-- made in the same order. So whoever has the month of a subject waits for nobody who wants it. Who needs several
-- subjects one after the other locks their months together, before any: lock_spending.

-- Locks subjects until the transaction ends: their rows of the month that holds this moment, made where missing.
CREATE FUNCTION lock_spending(p_workspace uuid, p_subjects text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_month timestamptz := date_trunc('month', clock_timestamp(), 'UTC');
BEGIN
  INSERT INTO ai_spending (workspace_id, subject, period, starts_at)
    SELECT p_workspace, w.subject, 'month', v_month FROM unnest(p_subjects) AS w (subject)
    ORDER BY w.subject COLLATE "C"
    ON CONFLICT DO NOTHING;
  PERFORM FROM ai_spending s
    WHERE s.workspace_id = p_workspace AND s.subject = ANY (p_subjects) AND s.period = 'month' AND s.starts_at = v_month
    ORDER BY s.subject FOR UPDATE OF s;
END $$;

-- As before, but for the order, and for sums that stop at what their columns hold.
CREATE OR REPLACE FUNCTION take_spending(p_workspace uuid, p_wanted json, p_at timestamptz,
  OUT at timestamptz, OUT is_taken boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_asked integer := json_array_length(p_wanted);
  v_period text;
BEGIN
  at := date_trunc('milliseconds', coalesce(p_at, clock_timestamp()));
  IF v_asked > (
    SELECT count(*) FROM json_to_recordset(p_wanted) AS w (subject text, period text)
    JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
      AND s.starts_at = date_trunc(w.period, at, 'UTC')
  ) THEN
    FOREACH v_period IN ARRAY ARRAY['month', 'minute'] LOOP
      INSERT INTO ai_spending (workspace_id, subject, period, starts_at)
        SELECT p_workspace, w.subject, w.period, date_trunc(w.period, at, 'UTC')
        FROM json_to_recordset(p_wanted) AS w (subject text, period text) WHERE w.period = v_period
        ORDER BY w.subject COLLATE "C"
        ON CONFLICT DO NOTHING;
      PERFORM FROM json_to_recordset(p_wanted) AS w (subject text, period text)
        JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
          AND s.starts_at = date_trunc(w.period, at, 'UTC')
        WHERE w.period = v_period ORDER BY s.subject FOR UPDATE OF s;
    END LOOP;
  END IF;
  SELECT count(*) = v_asked AND bool_and(has_room) INTO is_taken FROM (
    SELECT (w.max_requests IS NULL OR s.requests + w.requests <= w.max_requests)
        AND (w.max_tokens IS NULL OR s.tokens + w.tokens <= w.max_tokens)
        AND (w.max_cost IS NULL OR s.cost + w.cost <= w.max_cost) AS has_room
    FROM json_to_recordset(p_wanted) AS w (subject text, period text, requests bigint, tokens bigint, cost numeric,
      max_requests bigint, max_tokens bigint, max_cost numeric)
    JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
      AND s.starts_at = date_trunc(w.period, at, 'UTC')
    ORDER BY s.period DESC, s.subject FOR UPDATE OF s
  ) locked;
  IF is_taken THEN
    UPDATE ai_spending s SET requests = s.requests + w.requests,
      tokens = least(9007199254740991, s.tokens + w.tokens), cost = least(9999999999, s.cost + w.cost)
      FROM json_to_recordset(p_wanted) AS w (subject text, period text, requests bigint, tokens bigint, cost numeric)
      WHERE s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
        AND s.starts_at = date_trunc(w.period, at, 'UTC');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION add_spending(p_workspace uuid, p_amounts json, p_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM json_to_recordset(p_amounts) AS a (subject text, period text)
    JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = a.subject AND s.period = a.period
      AND s.starts_at = date_trunc(a.period, p_at, 'UTC')
    ORDER BY s.period DESC, s.subject FOR UPDATE OF s;
  UPDATE ai_spending s SET requests = greatest(0, s.requests + a.requests),
      tokens = least(9007199254740991, greatest(0, s.tokens + a.tokens)),
      cost = least(9999999999, greatest(0, s.cost + a.cost))
    FROM json_to_recordset(p_amounts) AS a (subject text, period text, requests bigint, tokens bigint, cost numeric)
    WHERE s.workspace_id = p_workspace AND s.subject = a.subject AND s.period = a.period
      AND s.starts_at = date_trunc(a.period, p_at, 'UTC');
END $$;
