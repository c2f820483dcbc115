#!/bin/sh
# Run by the image of PostgreSQL when it makes its data: the roles of docs/databases.md.
set -eu
secret() { cat "/run/secrets/$1"; }

psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set owner="$(secret owner_password)" --set app="$(secret app_password)" <<'SQL'
CREATE ROLE incipit_owner LOGIN PASSWORD :'owner';
CREATE ROLE incipit_app LOGIN PASSWORD :'app';
ALTER DATABASE incipit OWNER TO incipit_owner;
SQL

# Only where there is a replica.
if [ -e /run/secrets/replication_password ]; then
  psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
    --set replication="$(secret replication_password)" <<'SQL'
CREATE ROLE replicator REPLICATION LOGIN PASSWORD :'replication';
SQL
  echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"
fi
