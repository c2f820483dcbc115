import { defineConfig } from '@playwright/test'
import { isMemoryRoomy } from './scripts/test-database.mjs'

const isRoot = process.getuid?.() === 0
// Long ones are for the full run, pictures for the browser that they were taken with.
const leftOut = [
  ...(process.env.INCIPIT_TEST_FULL === '1' ? [] : [/@full/]),
  ...(process.env.INCIPIT_TEST_PICTURES === '1' ? [] : [/@picture/]),
]

export default defineConfig({
  testDir: 'e2e',
  testMatch: 'browser/**/*.spec.ts',
  outputDir: 'test-results/playwright',
  snapshotPathTemplate: 'e2e/browser/references/{arg}{ext}',
  globalSetup: './e2e/browser/start.ts',
  // The pages share one app. Half of the time a test waits, so there are more of them than cores; those whose
  // promise is a time come last, one by one. As a teardown they run, too, when another test has failed.
  workers: 3,
  projects: [
    { name: 'pages', grepInvert: [/@timed/, ...leftOut], teardown: 'timed' },
    { name: 'timed', grep: /@timed/, grepInvert: leftOut, workers: 1 },
  ],
  // A machine under load must not fail a test; what has a time limit of its own asserts it.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  use: {
    browserName: 'chromium',
    baseURL: process.env.INCIPIT_E2E_URL,
    screenshot: 'only-on-failure',
    launchOptions: {
      // Each answer goes through a piece of shared memory, which is a new file of the disk otherwise.
      ignoreDefaultArgs: isMemoryRoomy() ? ['--disable-dev-shm-usage'] : [],
      executablePath: process.env.CHROMIUM_PATH,
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-domain-reliability',
        '--disable-sync',
        '--no-pings',
        ...(isRoot ? ['--no-sandbox'] : []),
      ],
    },
  },
})
