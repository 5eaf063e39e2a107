import { defineConfig } from '@playwright/test'
import { findBrowser } from '../server/launch/browser.ts'

const browser = await findBrowser()

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 360_000,
  expect: { timeout: 30_000 },
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    // A trace costs a third of the time: ATRIUM_TRACE=1 keeps those of what fails.
    trace: process.env.ATRIUM_TRACE === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    ...(browser && { launchOptions: browser }),
  },
})
