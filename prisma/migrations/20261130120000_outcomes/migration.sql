-- Works beside versions from 0.2.0 on.
-- What came of a use of a prompt, as its caller or a person tells it (docs/adr/0099). Another report of the same
-- caller takes the place of the one before, which stays on record until it is deleted by its age.
CREATE TABLE outcome (
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id              uuid NOT NULL,
  -- Of the receipt that came with the use; of a generation, its id.
  receipt_id      uuid NOT NULL,
  -- draft: an edited text was run that is no version, so it says nothing about one.
  operation       text NOT NULL CHECK (operation IN ('get', 'render', 'tool', 'generation', 'draft')),
  used_at         timestamptz(3) NOT NULL,
  prompt_id       uuid NOT NULL,
  version_number  integer NOT NULL,
  label           text,
  reported_by     uuid NOT NULL,
  reported_at     timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  surface         text NOT NULL CHECK (surface IN ('mcp', 'rest', 'browser')),
  client_name     text,
  outcome         text NOT NULL CHECK (outcome IN ('success', 'failure')),
  score           numeric(7, 6) CHECK (score BETWEEN 0 AND 1),
  note            text,
  metadata        json,
  -- When another one took its place, or it was withdrawn.
  replaced_at     timestamptz(3),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, reported_by) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, prompt_id, version_number)
    REFERENCES prompt_version (workspace_id, prompt_id, number)
);
CREATE UNIQUE INDEX outcome_current ON outcome (workspace_id, receipt_id, reported_by) WHERE replaced_at IS NULL;
CREATE INDEX outcome_of_receipt ON outcome (workspace_id, receipt_id);
CREATE INDEX outcome_by_time ON outcome (workspace_id, reported_at DESC, id DESC);
CREATE INDEX outcome_by_reporter ON outcome (workspace_id, reported_by, reported_at DESC, id DESC);
CREATE INDEX outcome_of_version ON outcome (workspace_id, prompt_id, version_number, reported_at DESC, id DESC);

-- The current outcomes by day (UTC) of their report, changed in the transaction of each report. The sums stay when the
-- rows above go. An empty text: no label, or a client without a name.
CREATE TABLE outcome_day (
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id       uuid NOT NULL,
  day             date NOT NULL,
  version_number  integer NOT NULL,
  label           text NOT NULL,
  client_name     text NOT NULL,
  successes       bigint NOT NULL,
  failures        bigint NOT NULL,
  scored          bigint NOT NULL,
  score_sum       numeric NOT NULL,
  score_squares   numeric NOT NULL,
  PRIMARY KEY (workspace_id, prompt_id, day, version_number, label, client_name),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id)
);
