-- Works beside versions from 0.2.0 on.

-- What people note on the time line of usage: an incident, a campaign, a deployment.
CREATE TABLE usage_note (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
  at            timestamptz(3) NOT NULL,
  text          text NOT NULL,
  -- null: it is about everything.
  prompt_id     uuid,
  created_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX usage_note_by_time ON usage_note (workspace_id, at DESC, id DESC);

-- Addresses of pages of figures, under a name. A view is its maker's own, or of everybody.
CREATE TABLE saved_view (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
  page          text NOT NULL CHECK (page IN ('usage', 'generations', 'prompts')),
  name          text NOT NULL COLLATE "C",
  -- The query of the address, without its question mark.
  query         text NOT NULL,
  shared        boolean NOT NULL,
  created_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE UNIQUE INDEX saved_view_own_name ON saved_view (workspace_id, page, created_by, name) WHERE NOT shared;
CREATE UNIQUE INDEX saved_view_shared_name ON saved_view (workspace_id, page, name) WHERE shared;
