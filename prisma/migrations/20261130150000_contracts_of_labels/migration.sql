-- Works beside versions from 0.2.0 on.

-- What a label said at a moment is read from its moves. A transaction that waits for a prompt's lock begins before
-- the one that holds it, so a move is dated when it is written, by one clock.
ALTER TABLE label_event ALTER COLUMN occurred_at SET DEFAULT clock_timestamp();

-- required: a move that some callers would be refused after is refused, unless it is repeated on purpose.
ALTER TABLE label_rule ADD COLUMN contract text NOT NULL DEFAULT 'off' CHECK (contract IN ('off', 'required'));
