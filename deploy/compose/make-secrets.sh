#!/bin/sh
# Makes the secrets that the compose files name, in the folder `secrets`; those that are there stay as they are.
#   sh deploy/compose/make-secrets.sh
set -eu
cd "$(dirname "$0")/../.."
# Nobody else may enter. The files themselves can be read, for the containers' accounts have other numbers.
mkdir -p secrets
chmod 700 secrets

make() {
  [ -e "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"
  chmod 644 "secrets/$1"
}
word() { openssl rand -hex 24; }
read_back() { cat "secrets/$1"; }

make incipit_secret "$(openssl rand -hex 32)"
for name in postgres_password owner_password app_password replication_password inngest_password; do
  make "$name" "$(word)"
done
make inngest_event_key "$(openssl rand -hex 32)"
make inngest_signing_key "$(openssl rand -hex 32)"
make database_url "postgresql://incipit_app:$(read_back app_password)@postgres:5432/incipit"
make migrate_url "postgresql://incipit_owner:$(read_back owner_password)@postgres:5432/incipit"
make replica_url "postgresql://incipit_app:$(read_back app_password)@replica:5432/incipit"
echo "The secrets are in $(pwd)/secrets. Keep a copy of incipit_secret apart from the database and its backups."
