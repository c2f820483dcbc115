-- Invitations, links for a new password, and those that were members once.

-- Of a link there is its hash alone. The one that was shown and the one that was sent by mail differ: who brings the
-- latter reads the mail of that address.
CREATE TABLE invitation (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
  email         text NOT NULL CHECK (email = lower(email)),
  role          text NOT NULL CHECK (role IN ('viewer', 'editor', 'publisher', 'admin', 'owner')),
  all_categories boolean NOT NULL DEFAULT true,
  category_ids  uuid[] NOT NULL DEFAULT '{}',
  shown_hash    bytea NOT NULL UNIQUE,
  mailed_hash   bytea UNIQUE,
  created_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  expires_at    timestamptz(3) NOT NULL,
  -- Accepted, taken back or replaced by another one.
  ended_at      timestamptz(3),
  CHECK (NOT all_categories OR category_ids = '{}'),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE UNIQUE INDEX invitation_open ON invitation (workspace_id, email) WHERE ended_at IS NULL;
CREATE INDEX invitation_created_by_idx ON invitation (workspace_id, created_by) WHERE ended_at IS NULL;

-- A person may have several: that of an admin stays good when somebody else asks for one by mail.
CREATE TABLE person_reset (
  token_hash  bytea PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  created_at  timestamptz(3) NOT NULL DEFAULT now(),
  expires_at  timestamptz(3) NOT NULL
);
CREATE INDEX person_reset_person_id_idx ON person_reset (person_id);

-- Whose actor it was, for the export and the erasure of their data.
CREATE TABLE former_member (
  workspace_id  uuid NOT NULL,
  actor_id      uuid NOT NULL,
  person_id     uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  removed_at    timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, actor_id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);
CREATE INDEX former_member_person_id_idx ON former_member (person_id);
