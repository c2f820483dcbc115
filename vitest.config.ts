import { defineConfig } from 'vitest/config'

const globalSetup = 'scripts/test/database-setup.ts'
const everything = ['{app,components,inngest,lib,prisma,scripts}/**/*.test.{ts,tsx}']
const integration = ['**/*.integration.test.ts']

export default defineConfig({
  test: {
    // A machine under load must not fail a test; what has a time limit of its own asserts it.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A neighbour on CI's machine can stall a test once; what fails twice has found something.
    retry: process.env.CI ? 1 : 0,
    projects: [
      { test: { name: 'unit', include: everything, exclude: integration } },
      {
        test: {
          name: 'integration',
          include: ['{app,inngest,lib,prisma,scripts}/**/*.integration.test.ts'],
          globalSetup,
          fileParallelism: true,
        },
      },
      // These two drive the production build over HTTP.
      {
        test: { name: 'protocol', include: ['e2e/protocol/**/*.test.ts'], globalSetup },
      },
      {
        test: {
          name: 'faults',
          include: ['e2e/faults/**/*.test.ts'],
          globalSetup,
          testTimeout: 120_000,
          // Most of the time is spent waiting for something to come back.
          maxWorkers: 2,
        },
      },
    ],
  },
})
