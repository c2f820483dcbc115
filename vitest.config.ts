import { defineConfig } from 'vitest/config'

const globalSetup = 'scripts/test/database-setup.ts'
const integration = '**/*.integration.test.ts'
// What takes long and rarely finds something: `npm run test:full` alone runs it.
const full = '**/*.full.test.ts'

export default defineConfig({
  test: {
    // A machine under load must not fail a test; what has a time limit of its own asserts it.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Polls give up after a second unless told otherwise, which is too soon there.
    expect: { poll: { timeout: 30_000 } },
    // Modules hold no state, so files can share them; loading them anew for each costs most of the time.
    isolate: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,client,components,inngest,lib,packages,scripts}/**/*.test.{ts,tsx}'],
          exclude: [integration, full],
          // It measures processor time; integration runs beside it.
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{app,inngest,lib,packages,scripts}/**/*.integration.test.ts'],
          globalSetup,
          // Most of the time is spent waiting for the database or for something to come back.
          maxWorkers: 2,
        },
      },
      // These drive the production build over HTTP.
      {
        test: { name: 'protocol', include: ['e2e/protocol/**/*.test.ts'], globalSetup, maxWorkers: 2 },
      },
      { test: { name: 'abuse', include: ['e2e/abuse/**/*.test.ts'], globalSetup, maxWorkers: 2 } },
      {
        test: {
          name: 'faults',
          include: ['e2e/faults/**/*.test.ts'],
          globalSetup,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'full',
          include: ['e2e/full/**/*.test.ts', full],
          globalSetup,
          testTimeout: 600_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
