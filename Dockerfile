# Incipit as an image. Two targets: `app` (the last, built when none is named) wants DATABASE_URL, `embedded` brings a
# PostgreSQL along. Both hold what `npm run image:root` assembles, on Debian without a compiler or npm.
#
#   docker build -t incipit .
#   docker build -t incipit:embedded --target embedded .
#
# Where the base images are mirrored: --build-arg NODE=… --build-arg DEBIAN=…
ARG NODE=docker.io/library/node:26.12.1-trixie-slim
ARG DEBIAN=docker.io/library/debian:trixie-slim

# Installs and builds. The Node that does so becomes that of the image.
FROM ${NODE} AS build
WORKDIR /src
# As its own layer: it changes only with the packages.
COPY package.json package-lock.json ./
COPY packages packages
RUN npm ci --omit=dev --include=optional --no-audit --no-fund
COPY . .
RUN npm run image:root -- /image && npm run image:root -- /image-embedded --embedded

FROM ${DEBIAN} AS base
# libatomic1: Node is linked to it, and Debian does not bring it.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libatomic1 \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
# Any account works that is in group 0, as OpenShift gives them.
RUN useradd --uid 10001 --gid 0 --no-create-home --home-dir /data --shell /usr/sbin/nologin incipit \
  && install -d -o incipit -g 0 -m 2770 /data
ENV NODE_ENV=production \
  NEXT_TELEMETRY_DISABLED=1 \
  MALLOC_ARENA_MAX=2 \
  HOST=0.0.0.0 \
  PORT=3000 \
  INCIPIT_DATA_DIR=/data
# Everything that is kept is in /data: mount a volume there. VOLUME does not say so, for some platforms refuse it.
WORKDIR /data
EXPOSE 3000
USER 10001:0
# Restarting helps when the app does not answer at all; what waits for readiness asks `incipit health ready`.
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD ["incipit", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["incipit"]
CMD ["start"]
LABEL org.opencontainers.image.title="Incipit" \
  org.opencontainers.image.description="A registry and workbench for prompts" \
  org.opencontainers.image.licenses="MIT"

FROM base AS embedded
USER 0
# libnss-wrapper: PostgreSQL wants its account to have a name, which one that a platform chose has not.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libnss-wrapper \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
USER 10001:0
COPY --from=build /image-embedded/ /

FROM base AS app
COPY --from=build /image/ /
