-- Which run of the function has taken a generation. The sweeper sends those again that nobody has taken, and
-- a second run of one that is taken ends at once: two never ask the provider for the same answer.
ALTER TABLE generated_content ADD COLUMN run_id text;
