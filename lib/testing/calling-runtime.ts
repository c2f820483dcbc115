import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../config/load.ts'
import type { ConfigFile } from '../config/schema.ts'
import { createLog } from '../log.ts'
import { createRuntime, type Runtime, setRuntime } from '../runtime.ts'
import { ROOT } from './database.ts'

/** A runtime that calls providers and needs no database, in place as the process's runtime until it is closed. */
export interface CallingRuntime {
  readonly runtime: Runtime
  /** Lines of the log so far, as they would be written. */
  readonly logged: readonly string[]
  close(): Promise<void>
}

export interface CallingRuntimeOptions {
  ai?: ConfigFile['ai']
  server?: ConfigFile['server']
  imports?: ConfigFile['imports']
  limits?: ConfigFile['limits']
  environment?: Record<string, string>
  /** Instead of a folder of its own, which goes with it. */
  dataDir?: string
}

export function callingRuntime(options: CallingRuntimeOptions = {}): CallingRuntime {
  const folder = mkdtempSync(path.join(tmpdir(), 'incipit-calls-'))
  const file = path.join(folder, 'config.json')
  const { ai, server, imports, limits } = options
  writeFileSync(file, JSON.stringify({ ai, server, imports, limits }))
  const environment = { INCIPIT_CONFIG: file, INCIPIT_DATA_DIR: options.dataDir ?? folder }
  const runtime = createRuntime(loadConfig({ ...environment, ...options.environment }, ROOT))
  const logged: string[] = []
  const log = createLog({ level: 'debug', format: 'json' }, { write: (line) => void logged.push(line) })
  const calling = { ...runtime, log }
  setRuntime(calling)
  return {
    runtime: calling,
    logged,
    async close() {
      await runtime.close()
      setRuntime(undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
