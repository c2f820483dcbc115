-- People, their sign-in and their membership of workspaces. A person is one in an installation; a member is a
-- person in a workspace, and acts there by an actor.

-- ── Actors ─────────────────────────────────────────────────────────────────────────────────────
-- Two people may have one name: what the app looks for is marked, not named.
ALTER TABLE actor DROP CONSTRAINT actor_workspace_id_kind_display_key;
ALTER TABLE actor ADD COLUMN builtin text CHECK (builtin IN ('local_owner', 'system'));
UPDATE actor SET builtin = 'local_owner' WHERE kind = 'person' AND display = 'Local owner';
UPDATE actor SET builtin = 'system' WHERE kind = 'system' AND display = 'Incipit';
CREATE UNIQUE INDEX actor_workspace_id_builtin_key ON actor (workspace_id, builtin);

-- ── People ─────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE person (
  id                 uuid PRIMARY KEY,
  email              text NOT NULL UNIQUE CHECK (email = lower(email)),
  email_verified     boolean NOT NULL DEFAULT false,
  name               text NOT NULL,
  image              text,
  two_factor_enabled boolean NOT NULL DEFAULT false,
  deactivated_at     timestamptz(3),
  erased_at          timestamptz(3),
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  updated_at         timestamptz(3) NOT NULL DEFAULT now()
);

-- A way to sign in: a password, or an account at a provider.
CREATE TABLE person_login (
  id                       uuid PRIMARY KEY,
  person_id                uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  provider_id              text NOT NULL,
  account_id               text NOT NULL,
  password                 text,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope                    text,
  created_at               timestamptz(3) NOT NULL DEFAULT now(),
  updated_at               timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX person_login_person_id_idx ON person_login (person_id);

CREATE TABLE person_session (
  id           uuid PRIMARY KEY,
  person_id    uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  token        text NOT NULL UNIQUE,
  expires_at   timestamptz(3) NOT NULL,
  ip_address   text,
  user_agent   text,
  signed_in_at timestamptz(3) NOT NULL DEFAULT now(),
  seen_at      timestamptz(3) NOT NULL DEFAULT now(),
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  updated_at   timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX person_session_person_id_idx ON person_session (person_id);
CREATE INDEX person_session_expires_at_idx ON person_session (expires_at);

CREATE TABLE person_verification (
  id         uuid PRIMARY KEY,
  identifier text NOT NULL,
  value      text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX person_verification_identifier_idx ON person_verification (identifier);
CREATE INDEX person_verification_expires_at_idx ON person_verification (expires_at);

-- ── Members ────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE member (
  workspace_id   uuid NOT NULL REFERENCES workspace (id),
  actor_id       uuid NOT NULL,
  person_id      uuid NOT NULL REFERENCES person (id),
  role           text NOT NULL CHECK (role IN ('viewer', 'editor', 'publisher', 'admin', 'owner')),
  -- Where it may write and release.
  all_categories boolean NOT NULL DEFAULT true,
  category_ids   uuid[] NOT NULL DEFAULT '{}',
  deactivated_at timestamptz(3),
  revision       integer NOT NULL DEFAULT 1,
  created_by     uuid NOT NULL,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  updated_at     timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (NOT all_categories OR category_ids = '{}'),
  PRIMARY KEY (workspace_id, actor_id),
  UNIQUE (workspace_id, person_id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX member_person_id_idx ON member (person_id);

-- ── The state of the installation: one row ─────────────────────────────────────────────────────
CREATE TABLE access_state (
  id                boolean PRIMARY KEY DEFAULT true CHECK (id),
  first_owner_at    timestamptz(3),
  accounts_off_at   timestamptz(3),
  set_up_hash       bytea,
  set_up_expires_at timestamptz(3)
);
INSERT INTO access_state DEFAULT VALUES;

-- ── Who, on whose behalf, from where ───────────────────────────────────────────────────────────
ALTER TABLE audit_event
  ADD COLUMN key_id       uuid,
  ADD COLUMN client_id    text,
  ADD COLUMN on_behalf_of uuid,
  ADD COLUMN address      text,
  ADD COLUMN surface      text,
  ADD FOREIGN KEY (workspace_id, on_behalf_of) REFERENCES actor (workspace_id, id);
