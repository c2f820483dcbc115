-- The ways to sign in besides a password, and what is counted against guessing.

-- Whether the person proved a second factor for it, or a passkey, which is both in one.
ALTER TABLE person_session ADD COLUMN second_factor boolean NOT NULL DEFAULT false;

-- An authenticator app. It counts once its first code was given.
CREATE TABLE person_second_factor (
  person_id       uuid PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
  -- Sealed; key_id names the secret that it was sealed with.
  secret          bytea NOT NULL,
  key_id          text NOT NULL,
  confirmed_at    timestamptz(3),
  -- The period of the last code that was taken: each counts once.
  last_step       bigint NOT NULL DEFAULT 0,
  recovery_hashes text[] NOT NULL DEFAULT '{}',
  created_at      timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE person_passkey (
  id            uuid PRIMARY KEY,
  person_id     uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  credential_id text NOT NULL UNIQUE,
  public_key    bytea NOT NULL,
  counter       bigint NOT NULL,
  transports    text[] NOT NULL DEFAULT '{}',
  backed_up     boolean NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at  timestamptz(3)
);
CREATE INDEX person_passkey_person_id_idx ON person_passkey (person_id);

-- Attempts to sign in that failed, or are under way: by a hash of whom and where from, until the window ends.
CREATE TABLE sign_in_count (
  key      bytea PRIMARY KEY,
  failures integer NOT NULL,
  ends_at  timestamptz(3) NOT NULL
);
CREATE INDEX sign_in_count_ends_at_idx ON sign_in_count (ends_at);
