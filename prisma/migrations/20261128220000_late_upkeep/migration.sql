-- Upkeep that comes late heals: a day whose uses are in the default partition gets its own partition
-- nevertheless. The functions act as the owner of the tables, whoever calls them.

-- Makes the partition of one day (UTC) and moves that day's uses out of the default partition.
-- Returns how many were moved; null: the partition was there. Another instance that does the same waits.
CREATE FUNCTION make_usage_partition(p_day date) RETURNS bigint
  LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_name text := 'prompt_usage_' || to_char(p_day, 'YYYYMMDD');
  v_from timestamptz := p_day::timestamp AT TIME ZONE 'UTC';
  v_to timestamptz := (p_day + 1)::timestamp AT TIME ZONE 'UTC';
  v_moved bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('incipit.usage_partitions'));
  IF EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'prompt_usage'::regclass
      AND inhrelid = to_regclass(format('%I.%I', current_schema(), v_name))) THEN
    RETURN NULL;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE prompt_usage INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', v_name);
  -- Nobody adds a use of that day until the partition is there.
  LOCK TABLE prompt_usage_default IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('WITH moved AS (
      DELETE FROM prompt_usage_default WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *
    ) INSERT INTO %I SELECT * FROM moved', v_name) USING v_from, v_to;
  GET DIAGNOSTICS v_moved = ROW_COUNT;
  EXECUTE format('ALTER TABLE prompt_usage ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', v_name, v_from, v_to);
  RETURN v_moved;
END $$;

CREATE OR REPLACE FUNCTION ensure_usage_partitions(p_from date, p_days integer) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  v_made integer := 0;
BEGIN
  FOR n IN 0 .. p_days - 1 LOOP
    IF make_usage_partition(p_from + n) IS NOT NULL THEN
      v_made := v_made + 1;
    END IF;
  END LOOP;
  RETURN v_made;
END $$;

-- The days (UTC) that the default partition has uses of, the first ones first. It jumps from day to day along
-- the primary key, however many uses there are.
CREATE FUNCTION days_without_partition(p_most integer) RETURNS SETOF date
  LANGUAGE sql STABLE AS $$
  WITH RECURSIVE found (day) AS (
    SELECT (min(occurred_at) AT TIME ZONE 'UTC')::date FROM prompt_usage_default
    UNION ALL
    SELECT (SELECT (min(occurred_at) AT TIME ZONE 'UTC')::date FROM prompt_usage_default
      WHERE occurred_at >= (day + 1)::timestamp AT TIME ZONE 'UTC')
    FROM found WHERE day IS NOT NULL
  )
  SELECT day FROM found WHERE day IS NOT NULL LIMIT p_most
$$;

-- Drops the oldest partitions of days before p_before, at most p_most of them. Returns how many.
CREATE FUNCTION drop_usage_partitions(p_before date, p_most integer) RETURNS integer
  LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_name text;
  v_dropped integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('incipit.usage_partitions'));
  FOR v_name IN
    SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'prompt_usage'::regclass AND child.relname ~ '^prompt_usage_[0-9]{8}$'
      AND child.relname < 'prompt_usage_' || to_char(p_before, 'YYYYMMDD')
    ORDER BY child.relname LIMIT p_most
  LOOP
    EXECUTE format('DROP TABLE %I', v_name);
    v_dropped := v_dropped + 1;
  END LOOP;
  RETURN v_dropped;
END $$;

-- Makes the sums of a workspace begin anew with a day (UTC): something was added to it, or to a day after it,
-- when it had been summed up. The hours hold everything, so nothing is lost. Returns whether there was such a sum.
CREATE FUNCTION forget_usage_sums(p_workspace uuid, p_from date) RETURNS boolean LANGUAGE plpgsql AS $$
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
  UPDATE usage_rolled SET until = v_day, months_until = least(months_until, v_month)
    WHERE workspace_id = p_workspace;
  RETURN true;
END $$;

DO $$
DECLARE
  v_function text;
BEGIN
  FOREACH v_function IN ARRAY ARRAY['make_usage_partition(date)', 'ensure_usage_partitions(date, integer)',
                                    'days_without_partition(integer)', 'drop_usage_partitions(date, integer)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp', v_function, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_function);
  END LOOP;
END $$;

-- When each step of the upkeep was done last, by whichever instance.
CREATE TABLE upkeep (
  step          text PRIMARY KEY,
  succeeded_at  timestamptz(3) NOT NULL
);

-- What waits, and what nobody seems to work on, without looking at what has ended.
CREATE INDEX generated_content_open ON generated_content (created_at, id) WHERE status IN ('queued', 'running');
