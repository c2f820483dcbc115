-- API keys and the rules of labels.

-- ── Keys ───────────────────────────────────────────────────────────────────────────────────────
-- A key acts by an actor of its own, whose id it shares. It stays when it is revoked: the history names it.
CREATE TABLE api_key (
  id               uuid PRIMARY KEY,
  workspace_id     uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  -- How its text of today begins.
  prefix           text COLLATE "C" NOT NULL CHECK (char_length(prefix) = 8),
  -- The actor of its person, whose rights narrow it; NULL: a service key.
  person_actor_id  uuid,
  scopes           text[] NOT NULL CHECK (cardinality(scopes) > 0),
  label            text COLLATE "C",
  -- Where it may write and release, within what its person may.
  all_categories   boolean NOT NULL DEFAULT true,
  category_ids     uuid[] NOT NULL DEFAULT '{}',
  expires_at       timestamptz(3),
  last_used_at     timestamptz(3),
  created_by       uuid NOT NULL,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (NOT all_categories OR category_ids = '{}'),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, id) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, person_actor_id) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX api_key_by_creation ON api_key (workspace_id, created_at DESC, id DESC);
CREATE INDEX api_key_by_person ON api_key (workspace_id, person_actor_id, created_at DESC, id DESC);

-- The texts of a key, as keyed hashes: after a rotation there are two for a while; a key without one is revoked. With
-- its membership a person loses the texts of all personal keys, and another membership brings none of them back.
CREATE TABLE api_key_secret (
  hash             bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  workspace_id     uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  key_id           uuid NOT NULL,
  person_actor_id  uuid,
  -- Another text has taken its place: it ends then. NULL: the text of today.
  ends_at          timestamptz(3),
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  FOREIGN KEY (workspace_id, key_id) REFERENCES api_key (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, person_actor_id) REFERENCES member (workspace_id, actor_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_key_secret_of_today ON api_key_secret (workspace_id, key_id) WHERE ends_at IS NULL;
CREATE INDEX api_key_secret_by_key ON api_key_secret (workspace_id, key_id);
CREATE INDEX api_key_secret_by_person ON api_key_secret (workspace_id, person_actor_id);

-- ── Labels ─────────────────────────────────────────────────────────────────────────────────────
-- What was decided for a label; production needs no row.
CREATE TABLE label_rule (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  label         text COLLATE "C" NOT NULL CHECK (label ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  protected     boolean NOT NULL,
  revision      integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  updated_by    uuid NOT NULL,
  updated_at    timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, label),
  FOREIGN KEY (workspace_id, updated_by) REFERENCES actor (workspace_id, id)
);
