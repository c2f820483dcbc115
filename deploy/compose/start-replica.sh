#!/bin/sh
# Copies the primary at the first start, then follows it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  export PGPASSWORD
  PGPASSWORD="$(cat /run/secrets/replication_password)"
  # Half a copy, of a start that was broken off, is none.
  rm -rf "$PGDATA"
  pg_basebackup --host postgres --username replicator --pgdata "$PGDATA" --wal-method stream \
    --write-recovery-conf --checkpoint fast
fi
exec postgres -c hot_standby=on
