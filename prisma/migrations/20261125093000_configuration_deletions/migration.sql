-- The audit log is asked by name; that of an AI configuration that is gone stands in its deletion alone.
CREATE INDEX audit_event_configuration_deletions ON audit_event (workspace_id, target_name)
  WHERE action = 'configuration.delete';
