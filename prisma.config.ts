import { defineConfig } from 'prisma/config'

// The Prisma CLI insists on an engine binary that it would download. Everything we use it for
// (validate, format, generate) works without one, so any existing file satisfies it.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } })
