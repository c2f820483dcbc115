-- What is spent against limits is counted here, so that a statement that begins or ends a call does it in
-- the same round trip: the rows of a busy configuration are locked for no longer than that.

-- Takes amounts from windows that hold a moment, all of them or none: a window has room while its sum stays
-- within its limit. Rows are locked in the order of their keys until the transaction ends.
-- p_wanted: [{subject, period, requests, tokens, cost, max_requests, max_tokens, max_cost}], null: no limit
-- p_at: the moment; null: now, by this clock
CREATE FUNCTION take_spending(p_workspace uuid, p_wanted json, p_at timestamptz,
  OUT at timestamptz, OUT is_taken boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_asked integer := json_array_length(p_wanted);
BEGIN
  at := date_trunc('milliseconds', coalesce(p_at, clock_timestamp()));
  -- The first of a minute or month makes its rows, before it locks any: who waits for a new row holds nothing
  -- that its maker could wait for.
  IF v_asked > (
    SELECT count(*) FROM json_to_recordset(p_wanted) AS w (subject text, period text)
    JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
      AND s.starts_at = date_trunc(w.period, at, 'UTC')
  ) THEN
    INSERT INTO ai_spending (workspace_id, subject, period, starts_at)
      SELECT p_workspace, w.subject, w.period, date_trunc(w.period, at, 'UTC')
      FROM json_to_recordset(p_wanted) AS w (subject text, period text)
      ORDER BY w.subject COLLATE "C", w.period COLLATE "C"
      ON CONFLICT DO NOTHING;
  END IF;
  SELECT count(*) = v_asked AND bool_and(has_room) INTO is_taken FROM (
    SELECT (w.max_requests IS NULL OR s.requests + w.requests <= w.max_requests)
        AND (w.max_tokens IS NULL OR s.tokens + w.tokens <= w.max_tokens)
        AND (w.max_cost IS NULL OR s.cost + w.cost <= w.max_cost) AS has_room
    FROM json_to_recordset(p_wanted) AS w (subject text, period text, requests bigint, tokens bigint, cost numeric,
      max_requests bigint, max_tokens bigint, max_cost numeric)
    JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
      AND s.starts_at = date_trunc(w.period, at, 'UTC')
    ORDER BY s.subject, s.period FOR UPDATE OF s
  ) locked;
  IF is_taken THEN
    UPDATE ai_spending s SET requests = s.requests + w.requests, tokens = s.tokens + w.tokens, cost = s.cost + w.cost
      FROM json_to_recordset(p_wanted) AS w (subject text, period text, requests bigint, tokens bigint, cost numeric)
      WHERE s.workspace_id = p_workspace AND s.subject = w.subject AND s.period = w.period
        AND s.starts_at = date_trunc(w.period, at, 'UTC');
  END IF;
END $$;

-- Adds to windows that hold a moment, whatever their limits; negative amounts give back. None falls below
-- zero, none is made.
-- p_amounts: [{subject, period, requests, tokens, cost}]
CREATE FUNCTION add_spending(p_workspace uuid, p_amounts json, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM json_to_recordset(p_amounts) AS a (subject text, period text)
    JOIN ai_spending s ON s.workspace_id = p_workspace AND s.subject = a.subject AND s.period = a.period
      AND s.starts_at = date_trunc(a.period, p_at, 'UTC')
    ORDER BY s.subject, s.period FOR UPDATE OF s;
  UPDATE ai_spending s SET requests = greatest(0, s.requests + a.requests), tokens = greatest(0, s.tokens + a.tokens),
      cost = greatest(0, s.cost + a.cost)
    FROM json_to_recordset(p_amounts) AS a (subject text, period text, requests bigint, tokens bigint, cost numeric)
    WHERE s.workspace_id = p_workspace AND s.subject = a.subject AND s.period = a.period
      AND s.starts_at = date_trunc(a.period, p_at, 'UTC');
END $$;
