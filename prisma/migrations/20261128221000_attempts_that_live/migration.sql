-- When the process that makes the call said last that it lives; null: not since it began. Another process takes
-- the attempt for dead once this has stood still for a while.
ALTER TABLE generation_attempt ADD COLUMN alive_at timestamptz(3);
