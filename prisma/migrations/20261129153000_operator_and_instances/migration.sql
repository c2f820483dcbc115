-- What the operator of a server does at its command line is told apart from what the app does by itself.
ALTER TABLE actor DROP CONSTRAINT actor_builtin_check;
ALTER TABLE actor ADD CONSTRAINT actor_builtin_check CHECK (builtin IN ('local_owner', 'system', 'operator'));

-- The processes that serve this database, each with a sign of life every few seconds. A backup has none of it.
CREATE TABLE instance (
  id           uuid PRIMARY KEY,
  host         text NOT NULL,
  pid          integer NOT NULL,
  version      text NOT NULL,
  commit       text,
  node         text NOT NULL,
  -- The most that it may open.
  connections  integer NOT NULL,
  -- Where its secret comes from.
  secret       text NOT NULL CHECK (secret IN ('environment', 'file', 'none')),
  -- How far its clock is ahead of the database's.
  clock_ms     integer NOT NULL,
  started_at   timestamptz(3) NOT NULL,
  seen_at      timestamptz(3) NOT NULL
);
