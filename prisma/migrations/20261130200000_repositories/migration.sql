-- Works beside versions from 0.2.0 on.

-- Repositories of a git host whose prompts come in when somebody pushes.
CREATE TABLE repository (
  id             uuid PRIMARY KEY,
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  archive_url    text NOT NULL CHECK (char_length(archive_url) BETWEEN 1 AND 2000),
  ref            text NOT NULL CHECK (char_length(ref) BETWEEN 1 AND 250),
  -- Within the archive, without its one top folder; empty: all of it.
  folder         text NOT NULL,
  on_conflict    text NOT NULL CHECK (on_conflict IN ('version', 'rename', 'skip')),
  labels         boolean NOT NULL,
  category       text,
  enabled        boolean NOT NULL DEFAULT true,
  -- Who made or last changed it: what it brings is done with the rights of then, as far as they are left.
  acts_for       uuid NOT NULL,
  acting_rights  json NOT NULL,
  -- How often it was asked to look, and which of these the last look that ended has seen.
  asked          integer NOT NULL DEFAULT 0,
  done           integer NOT NULL DEFAULT 0,
  tries          integer NOT NULL DEFAULT 0,
  told_commit    text,
  -- A process looks until then.
  claimed_until  timestamptz(3),
  next_at        timestamptz(3),
  -- What came of the last look.
  last_at        timestamptz(3),
  last_commit    text,
  last_counts    json,
  last_error     text,
  last_import    uuid,
  revision       integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_by     uuid NOT NULL,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  updated_at     timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, acts_for) REFERENCES actor (workspace_id, id)
);
CREATE INDEX repository_by_creation ON repository (workspace_id, created_at DESC, id DESC);

-- What is sealed of a repository: the secret that its host signs with, and the header that its archive asks for.
CREATE TABLE repository_secret (
  id             uuid PRIMARY KEY,
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  repository_id  uuid NOT NULL,
  use            text NOT NULL CHECK (use IN ('hook', 'authorization')),
  secret         bytea NOT NULL,
  key_id         text NOT NULL,
  data_key_id    uuid GENERATED ALWAYS AS (CASE WHEN char_length(key_id) = 36 THEN key_id::uuid END) STORED,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, repository_id, use),
  FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, data_key_id) REFERENCES data_key (workspace_id, id)
);

-- The form that a webhook's receiver takes; versions that know nothing of it send their own.
ALTER TABLE webhook ADD COLUMN form text NOT NULL DEFAULT 'incipit' CHECK (form IN ('incipit', 'github', 'gitlab'));

-- What a receiver asks for besides the signature, sealed.
CREATE TABLE webhook_authorization (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  webhook_id    uuid NOT NULL,
  secret        bytea NOT NULL,
  key_id        text NOT NULL,
  data_key_id   uuid GENERATED ALWAYS AS (CASE WHEN char_length(key_id) = 36 THEN key_id::uuid END) STORED,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, webhook_id),
  FOREIGN KEY (workspace_id, webhook_id) REFERENCES webhook (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, data_key_id) REFERENCES data_key (workspace_id, id)
);
