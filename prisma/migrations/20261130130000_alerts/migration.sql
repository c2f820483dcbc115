-- Works beside versions from 0.2.0 on.
-- Rules that watch usage, costs and labels; what fired; the webhooks that are told of it and of changes.

-- ── Webhooks ───────────────────────────────────────────────────────────────────────────────────
CREATE TABLE webhook (
  id               uuid PRIMARY KEY,
  workspace_id     uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  url              text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000),
  -- What it is told besides the alerts that name it.
  events           text[] NOT NULL DEFAULT '{}',
  enabled          boolean NOT NULL DEFAULT true,
  -- Why the app itself switched it off.
  disabled_reason  text,
  -- The first failure after its last success.
  failing_since    timestamptz(3),
  revision         integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_by       uuid NOT NULL,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  updated_at       timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX webhook_by_creation ON webhook (workspace_id, created_at DESC, id DESC);

-- What signs, sealed. After a rotation there are two for a while, and both sign.
CREATE TABLE webhook_secret (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  webhook_id    uuid NOT NULL,
  secret        bytea NOT NULL,
  key_id        text NOT NULL,
  data_key_id   uuid GENERATED ALWAYS AS (CASE WHEN char_length(key_id) = 36 THEN key_id::uuid END) STORED,
  -- Another one has taken its place: it signs until then. NULL: the one of today.
  ends_at       timestamptz(3),
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  FOREIGN KEY (workspace_id, webhook_id) REFERENCES webhook (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, data_key_id) REFERENCES data_key (workspace_id, id)
);
CREATE UNIQUE INDEX webhook_secret_of_today ON webhook_secret (workspace_id, webhook_id) WHERE ends_at IS NULL;
CREATE INDEX webhook_secret_by_webhook ON webhook_secret (workspace_id, webhook_id);

-- One event for one webhook, and how sending it went.
CREATE TABLE webhook_delivery (
  id             uuid PRIMARY KEY,
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  webhook_id     uuid NOT NULL,
  -- What the receiver knows it by; the same when it is sent again.
  event_id       uuid NOT NULL,
  type           text NOT NULL,
  -- Whoever it is about is called by a sign in it: the name is read when it is sent or shown, since it can be erased.
  body           text NOT NULL,
  author_id      uuid,
  state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
  tries          integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  -- Of the last try: its status, how long it took, how the answer began, and why it failed.
  status         integer,
  duration_ms    integer,
  answer         text,
  error          text,
  tried_at       timestamptz(3),
  -- When it is tried again.
  next_at        timestamptz(3),
  -- The delivery that somebody had sent again.
  redelivery_of  uuid,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, webhook_id) REFERENCES webhook (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, author_id) REFERENCES actor (workspace_id, id)
);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (workspace_id, webhook_id, event_id)
  WHERE redelivery_of IS NULL;
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (workspace_id, webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (workspace_id, webhook_id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (created_at);

-- ── Alerts ─────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE alert_rule (
  id             uuid PRIMARY KEY,
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  kind           text NOT NULL CHECK (kind IN
    ('error_rate', 'latency', 'cost', 'quota', 'unused', 'busy', 'label_moved')),
  -- What the kind asks for; things that have an id are named by it.
  settings       json NOT NULL,
  enabled        boolean NOT NULL,
  webhook_ids    uuid[] NOT NULL DEFAULT '{}',
  member_ids     uuid[] NOT NULL DEFAULT '{}',
  muted_until    timestamptz(3),
  -- Where its evaluation stands.
  state          text NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'pending', 'firing')),
  state_since    timestamptz(3),
  last_value     double precision,
  last_fired_at  timestamptz(3),
  -- It fires once for each window: the start of the last one in which it did.
  last_window    timestamptz(3),
  evaluated_at   timestamptz(3),
  revision       integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_by     uuid NOT NULL,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  updated_at     timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX alert_rule_by_creation ON alert_rule (workspace_id, created_at DESC, id DESC);

-- What fired. It outlives its rule.
CREATE TABLE alert_event (
  id               uuid PRIMARY KEY,
  workspace_id     uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  -- NULL: the app itself tells of something, such as a webhook that it switched off.
  rule_id          uuid,
  rule_name        text NOT NULL,
  kind             text NOT NULL,
  -- What makes it one: a rule fires once for each window and subject.
  window_start     timestamptz(3) NOT NULL,
  subject          text NOT NULL DEFAULT '',
  fired_at         timestamptz(3) NOT NULL,
  -- Later than it fired where the app looked at it late: who read before has not read it.
  recorded_at      timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  resolved_at      timestamptz(3),
  value            double precision,
  threshold        double precision,
  detail           json NOT NULL DEFAULT '{}',
  acknowledged_at  timestamptz(3),
  acknowledged_by  uuid,
  -- Whether webhooks and mails were told.
  told_fired       boolean NOT NULL DEFAULT false,
  told_resolved    boolean NOT NULL DEFAULT false,
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, acknowledged_by) REFERENCES actor (workspace_id, id)
);
CREATE UNIQUE INDEX alert_event_once ON alert_event (workspace_id, rule_id, window_start, subject);
CREATE INDEX alert_event_by_time ON alert_event (workspace_id, fired_at DESC, id DESC);
CREATE INDEX alert_event_by_record ON alert_event (workspace_id, recorded_at);
CREATE INDEX alert_event_by_rule ON alert_event (workspace_id, rule_id, fired_at DESC, id DESC);
CREATE INDEX alert_event_firing ON alert_event (workspace_id) WHERE resolved_at IS NULL;
CREATE INDEX alert_event_untold ON alert_event (workspace_id)
  WHERE NOT told_fired OR (resolved_at IS NOT NULL AND NOT told_resolved);
CREATE INDEX alert_event_by_age ON alert_event (fired_at);

-- Up to when each person has read what fired.
CREATE TABLE alert_read (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  actor_id      uuid NOT NULL,
  read_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (workspace_id, actor_id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);
