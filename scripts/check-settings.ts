/** Ends with 3 and the reason when the app would not start with these settings. */
import { loadConfig } from '#lib/config/load.ts'
import { root } from './root.mjs'

try {
  loadConfig(process.env, root)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 3
}
