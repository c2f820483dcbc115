-- What the actor could do that asked for a generation (role, scopes, label) and the trace that its request was part
-- of: the run acts with these, and with no more than the actor may still do. Until now everybody was the local owner:
-- the default says so of the rows that there are, and of those that an instance of the version before writes meanwhile.
ALTER TABLE generated_content ADD COLUMN rights json NOT NULL
  DEFAULT '{"role": "owner", "scopes": ["prompts:read", "generations:read", "generations:run"], "label": null}';
