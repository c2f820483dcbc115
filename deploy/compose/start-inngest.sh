#!/bin/sh
# Inngest takes its keys on the command line alone.
set -eu
secret() { cat "/run/secrets/$1"; }
exec inngest start --no-ui \
  --event-key "$(secret inngest_event_key)" --signing-key "$(secret inngest_signing_key)" \
  --postgres-uri "postgresql://inngest:$(secret inngest_password)@inngest-postgres:5432/inngest" \
  --redis-uri redis://inngest-redis:6379 \
  --sdk-url http://nginx:8080/api/inngest
