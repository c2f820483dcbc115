-- The clients of OAuth, the grants that people gave them, and their tokens.

-- ── Clients ────────────────────────────────────────────────────────────────────────────────────
-- A client that registered itself. Nobody is known then, so it belongs to no workspace.
CREATE TABLE oauth_registration (
  id             uuid PRIMARY KEY,
  name           text NOT NULL,
  uri            text,
  redirect_uris  text[] NOT NULL CHECK (cardinality(redirect_uris) > 0),
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  -- Somebody allowed it something.
  used_at        timestamptz(3)
);
CREATE INDEX oauth_registration_by_creation ON oauth_registration (created_at);

-- A client that an admin made: a program that people connect, or a service that acts by itself.
CREATE TABLE oauth_client (
  id             uuid PRIMARY KEY,
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  kind           text NOT NULL CHECK (kind IN ('public', 'service')),
  name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  redirect_uris  text[] NOT NULL DEFAULT '{}',
  -- The most that it is given.
  scopes         text[] NOT NULL CHECK (cardinality(scopes) > 0),
  secret_hash    bytea CHECK (octet_length(secret_hash) = 32),
  created_by     uuid NOT NULL,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  CHECK ((kind = 'service') = (secret_hash IS NOT NULL)),
  CHECK ((kind = 'public') = (cardinality(redirect_uris) > 0)),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);

-- ── Grants ─────────────────────────────────────────────────────────────────────────────────────
-- A client acts for a person by one actor, however often it is connected anew.
CREATE TABLE oauth_actor (
  workspace_id     uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  client_id        text COLLATE "C" NOT NULL,
  person_actor_id  uuid NOT NULL,
  actor_id         uuid NOT NULL,
  PRIMARY KEY (workspace_id, client_id, person_actor_id),
  FOREIGN KEY (workspace_id, person_actor_id) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);

-- What one consent gave, or an admin a service. It is deleted when it ends, with its tokens; a membership that ends
-- takes the grants of its person along.
CREATE TABLE oauth_grant (
  id               uuid PRIMARY KEY,
  workspace_id     uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  actor_id         uuid NOT NULL,
  client_id        text COLLATE "C" NOT NULL,
  client_name      text NOT NULL,
  client_uri       text,
  origin           text NOT NULL CHECK (origin IN ('document', 'configured', 'registration')),
  redirect_hosts   text[] NOT NULL DEFAULT '{}',
  -- The actor of its person, whose rights narrow it; NULL: a service.
  person_actor_id  uuid,
  scopes           text[] NOT NULL CHECK (cardinality(scopes) > 0),
  -- The one server that takes its tokens.
  resource         text NOT NULL,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at     timestamptz(3),
  -- When it ends unless it is used before; NULL: never.
  expires_at       timestamptz(3),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, person_actor_id) REFERENCES member (workspace_id, actor_id) ON DELETE CASCADE
);
CREATE INDEX oauth_grant_by_creation ON oauth_grant (workspace_id, created_at DESC, id DESC);
CREATE INDEX oauth_grant_by_person ON oauth_grant (workspace_id, person_actor_id, created_at DESC, id DESC);
CREATE INDEX oauth_grant_by_client ON oauth_grant (client_id, workspace_id);
CREATE INDEX oauth_grant_by_expiry ON oauth_grant (expires_at);

-- ── Tokens ─────────────────────────────────────────────────────────────────────────────────────
-- Codes and tokens of 256 random bits, kept as hashes.
CREATE TABLE oauth_token (
  hash           bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  grant_id       uuid NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('code', 'access', 'refresh')),
  scopes         text[] NOT NULL,
  -- Of a code: where it was sent, and the challenge that its client has to meet.
  redirect_uri   text,
  challenge      text,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  expires_at     timestamptz(3) NOT NULL,
  -- A code or refresh token is good for one use; later ones give it away as stolen.
  used_at        timestamptz(3),
  CHECK ((kind = 'code') = (redirect_uri IS NOT NULL AND challenge IS NOT NULL)),
  FOREIGN KEY (workspace_id, grant_id) REFERENCES oauth_grant (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX oauth_token_by_grant ON oauth_token (workspace_id, grant_id);
CREATE INDEX oauth_token_by_expiry ON oauth_token (expires_at);
