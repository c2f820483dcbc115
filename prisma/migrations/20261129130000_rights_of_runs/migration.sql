-- What the actor could do that asked for a generation (role, scopes, label) and the trace that its request was part
-- of: the run acts with these, and with no more than the actor may still do. Empty for what had ended before.
ALTER TABLE generated_content ADD COLUMN rights json;

-- Until now everybody was the local owner.
UPDATE generated_content SET rights = '{"role": "owner", "scopes": ["prompts:read", "generations:read", "generations:run"], "label": null}'
WHERE status IN ('queued', 'running');
