-- Works beside versions from 0.2.0 on.

-- What the configuration of a generation was called, once it is deleted: generations are asked for by it.
ALTER TABLE generated_content ADD COLUMN former_configuration text;

-- A deletion takes the id from its generations, whichever version deletes.
CREATE FUNCTION generation_former_configuration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.former_configuration := NEW.configuration->>'name';
  RETURN NEW;
END
$$;
CREATE TRIGGER generated_content_former_configuration BEFORE INSERT OR UPDATE OF configuration_id ON generated_content
  FOR EACH ROW WHEN (NEW.configuration_id IS NULL) EXECUTE FUNCTION generation_former_configuration();
