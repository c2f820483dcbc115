import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installDebianPackage } from '../debian-package.mjs'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { npmBrowser } from './npm-browser.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * A browser for the tests: CHROMIUM_PATH, else the one of the npm package; where that has none, an
 * installed one, else Debian's package when we are root, else Playwright's own download.
 * @param {string} node
 * @returns {Promise<Record<string, string>>} environment for Playwright's configuration
 */
export async function findBrowser(node) {
  if (process.env.CHROMIUM_PATH) return { CHROMIUM_PATH: process.env.CHROMIUM_PATH }
  const packaged = await npmBrowser(node)
  // The reference pictures were taken with this one; another one draws letters a little otherwise.
  if (packaged) return { CHROMIUM_PATH: packaged, INCIPIT_TEST_PICTURES: '1' }
  const found = installed() ?? (await installDebianPackage('chromium').then(installed))
  if (found) return { CHROMIUM_PATH: found }
  const download = ['node_modules/@playwright/test/cli.js', 'install', 'chromium-headless-shell']
  const { code, output } = await runCommand(node, download, { cwd: root })
  if (code === 0) return {}
  throw expectedError(
    `There is no Chromium for the browser tests, and it could not be downloaded:\n${output.slice(-500)}`,
    'Install Chromium or Chrome, or name one with CHROMIUM_PATH.',
  )
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...places].find((path) => existsSync(path))
}
