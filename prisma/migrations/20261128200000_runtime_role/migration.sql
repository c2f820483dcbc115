-- The role that serves owns nothing (docs/databases.md): what it has to do beyond rows, it does by functions
-- that run with their owner's rights, and with a search path that nobody else can choose.

DO $$
DECLARE
  v_function text;
BEGIN
  FOREACH v_function IN ARRAY ARRAY['ensure_usage_partitions(date, integer)', 'redact_prompt_version(uuid, uuid)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp', v_function, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_function);
  END LOOP;
END $$;

-- TRUNCATE fires no row trigger: the tables that only grow refuse it by one of their own.
CREATE TRIGGER label_event_no_truncate BEFORE TRUNCATE ON label_event
  FOR EACH STATEMENT EXECUTE FUNCTION incipit_refuse_change();
CREATE TRIGGER version_include_no_truncate BEFORE TRUNCATE ON version_include
  FOR EACH STATEMENT EXECUTE FUNCTION incipit_refuse_change();
