import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { strToU8, zipSync } from 'fflate'
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts'
import { writeNewFile } from '#lib/db/backup/new-file.ts'
import { commitOf } from '#lib/health/build-info.ts'
import { VERSION } from '#lib/version.ts'
import { type DoctorOptions, examine } from '../doctor/doctor.ts'
import { askDatabase } from './ask-database.ts'
import { askInstance, NOTHING } from './ask-instance.ts'
import { readConfiguration, setNames } from './configuration.ts'
import { hide, secretsAround, secretsOf } from './hide.ts'
import { readAppLog, readServerLog } from './log-lines.ts'

export interface BundleOptions extends DoctorOptions {
  /** A log of the app. */
  log: string | undefined
  /** A file with an API key. */
  keyFile: string | undefined
}

const README = `What support needs to know of an Incipit, made by "npm run admin -- bundle".

It holds versions, settings, figures and the last lines of logs. It holds no secret, no text of a prompt, no value of a
variable, no answer of a model and no message of an error. Look into it before you send it.
`

/** What a bundle holds. */
export interface Bundle {
  names: string[]
  /** What should be in it and could not be read, a sentence each. */
  lacks: string[]
}

/**
 * Writes a support bundle, a zip.
 * @throws Error when there is a file of this name, or one that was named cannot be read
 */
export async function writeBundle(file: string, options: BundleOptions): Promise<Bundle> {
  const { environment, keyFile, log } = options
  const config = configOf(options)
  const key = keyFile === undefined ? undefined : (await readNamed(keyFile, readFile)).toString().trim()
  if (log !== undefined) await readNamed(log, (name) => access(name, constants.R_OK))
  const parts = await collect(options, config, key)
  const known = config === undefined ? secretsAround(environment, options.root) : secretsOf(config)
  const secrets = key === undefined ? known : [...known, key]
  const files = Object.fromEntries(
    Object.entries(parts).map(([name, text]) => [name, strToU8(hide(text, secrets))]),
  )
  await writeNewFile(file, (stream) => pipeline([Buffer.from(zipSync(files))], stream))
  return { names: Object.keys(files), lacks: Object.values(parts).filter((text) => text.startsWith(NOTHING)) }
}

/** @throws Error that names a file of the command line which cannot be read */
async function readNamed<T>(file: string, read: (file: string) => Promise<T>): Promise<T> {
  try {
    return await read(file)
  } catch (error) {
    throw new Error(`${file} cannot be read: ${reasonIn(error)}.`, { cause: error })
  }
}

function configOf({ environment, root }: DoctorOptions): LoadedConfig | undefined {
  try {
    return loadConfig(environment, root)
  } catch {
    return undefined
  }
}

async function collect(
  options: BundleOptions,
  config: LoadedConfig | undefined,
  key: string | undefined,
): Promise<Record<string, string>> {
  const { environment, root, databaseProblem, log } = options
  const parts: Record<string, string> = { 'README.txt': README }
  const add = async (name: string, read: () => Promise<unknown>) => {
    const found = await read().catch((error: unknown) => `${NOTHING} ${reasonIn(error)}`)
    parts[name] = typeof found === 'string' ? found : JSON.stringify(found, null, 2)
  }
  await add('versions.json', async () => versions(root))
  await add('doctor.json', () => examine({ environment, root, databaseProblem }))
  await add('settings.json', async () => ({
    names: setNames(environment),
    values:
      config === undefined ? 'The settings cannot be used; doctor.json says why.' : readConfiguration(config),
  }))
  if (config !== undefined) {
    await add('database.json', () => askDatabase(config, databaseProblem))
    Object.assign(parts, await askInstance(config, key))
    const { dataDir, embedded } = config
    const serverLog = path.join(dataDir, 'postgres-18', 'server.log')
    if (embedded) await add('postgresql.log', () => readServerLog(serverLog))
  }
  if (log !== undefined) await add('app.log', () => readAppLog(log))
  return parts
}

function versions(root: string) {
  return {
    made_at: new Date().toISOString(),
    incipit: VERSION,
    commit: commitOf(root) ?? null,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
    processors: cpus().length,
    memory_bytes: totalmem(),
    free_memory_bytes: freemem(),
  }
}

/** Without what an error quotes: its code or its kind. */
function reasonIn(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
