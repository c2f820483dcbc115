import { defineConfig } from '@playwright/test'

const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'e2e',
  testMatch: 'browser/**/*.spec.ts',
  outputDir: 'test-results/playwright',
  globalSetup: './e2e/browser/start.ts',
  // The pages share one app, and it has two cores.
  workers: 2,
  timeout: 30_000,
  forbidOnly: true,
  use: {
    browserName: 'chromium',
    baseURL: process.env.INCIPIT_E2E_URL,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
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
