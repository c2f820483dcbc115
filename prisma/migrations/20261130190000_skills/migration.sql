-- Works beside versions from 0.2.0 on.

-- A version can be published as a skill; versions that know nothing of it write none.
ALTER TABLE prompt_version ADD COLUMN publish_skill boolean NOT NULL DEFAULT false;

-- A redaction leaves this as it is, too.
CREATE OR REPLACE FUNCTION incipit_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND current_setting('incipit.redacting', true) = OLD.id::text
     AND OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL
     AND (NEW.id, NEW.workspace_id, NEW.prompt_id, NEW.number, NEW.kind, NEW.publish_prompt, NEW.publish_tool,
          NEW.publish_skill, NEW.checksum, NEW.checksum_v, NEW.renderer_version, NEW.created_by, NEW.created_at)
       = (OLD.id, OLD.workspace_id, OLD.prompt_id, OLD.number, OLD.kind, OLD.publish_prompt, OLD.publish_tool,
          OLD.publish_skill, OLD.checksum, OLD.checksum_v, OLD.renderer_version, OLD.created_by, OLD.created_at)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'prompt_version is immutable: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
