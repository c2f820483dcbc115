-- Works beside versions from 0.2.0 on.

-- What came of an import, and what it did, so that it can be taken back.
CREATE TABLE prompt_import (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
  -- A file, how many of them, or an address.
  origin        text NOT NULL,
  formats       text[] NOT NULL DEFAULT '{}',
  counts        json NOT NULL,
  items         json NOT NULL,
  unread        json NOT NULL DEFAULT '[]',
  -- What was done to each prompt.
  effects       json NOT NULL,
  created_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  undone_by     uuid,
  undone_at     timestamptz(3),
  PRIMARY KEY (workspace_id, id),
  CHECK ((undone_by IS NULL) = (undone_at IS NULL)),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, undone_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX prompt_import_by_time ON prompt_import (workspace_id, created_at DESC, id DESC);
