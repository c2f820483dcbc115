-- When what was sent and answered was erased, along with the version that it was made from.
ALTER TABLE generated_content ADD COLUMN redacted_at timestamptz(3);
