-- What the version, or the draft, says about how a model is asked: the keys that count in a run. NULL: nothing.
ALTER TABLE generated_content ADD COLUMN config json;
