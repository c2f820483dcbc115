-- Work that a change starts is written in the change's own transaction, and sent from here once that is committed
-- (docs/adr/0076). A row is deleted as soon as its target has taken it: the table is all but empty.
CREATE TABLE outbox (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  -- What the target knows it by: taken twice, it is worked on once.
  id            text NOT NULL,
  target        text NOT NULL,
  -- Rows of one subject are sent one after another, in the order of written_at.
  subject       text NOT NULL,
  name          text NOT NULL,
  data          json NOT NULL,
  written_at    timestamptz(6) NOT NULL DEFAULT clock_timestamp(),
  -- When a relay may take it; until then it is left to the process that has written or claimed it.
  due_at        timestamptz(6) NOT NULL,
  -- How often the target refused it and took others; from limits.outbox_tries on it is kept and no longer sent.
  tries         integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX outbox_subject ON outbox (workspace_id, target, subject);
