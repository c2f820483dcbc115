-- The role that serves owns nothing (docs/databases.md): what it has to do beyond rows, it does by functions
-- that run with their owner's rights, and with a search path that nobody else can choose.

-- Drops the daily partitions of prompt_usage of the days before p_before: their roll-ups stay.
CREATE FUNCTION drop_usage_partitions(p_before date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_name text;
  v_dropped integer := 0;
BEGIN
  FOR v_name IN
    SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'prompt_usage'::regclass AND child.relname ~ '^prompt_usage_[0-9]{8}$'
      AND child.relname < 'prompt_usage_' || to_char(p_before, 'YYYYMMDD')
    ORDER BY child.relname
  LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I', v_name);
    v_dropped := v_dropped + 1;
  END LOOP;
  RETURN v_dropped;
END $$;

DO $$
DECLARE
  v_function text;
BEGIN
  FOREACH v_function IN ARRAY ARRAY['ensure_usage_partitions(date, integer)', 'drop_usage_partitions(date)',
                                    'redact_prompt_version(uuid, uuid)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp', v_function, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_function);
  END LOOP;
END $$;

-- TRUNCATE fires no row trigger: the tables that only grow refuse it by one of their own.
CREATE TRIGGER label_event_no_truncate BEFORE TRUNCATE ON label_event
  FOR EACH STATEMENT EXECUTE FUNCTION incipit_refuse_change();
CREATE TRIGGER version_include_no_truncate BEFORE TRUNCATE ON version_include
  FOR EACH STATEMENT EXECUTE FUNCTION incipit_refuse_change();
