import { constants, existsSync } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { LoadedConfig } from '#lib/config/load.ts'
import { printBytes } from '#lib/text.ts'
import { hasNoKnownHole, knownHolesOf } from '../../launch/node-runtime.mjs'
import { type Finding, ok, problem, warning } from './finding.ts'

const OPERATING = 'docs/operating.md'
const LITTLE_BYTES = 2e9
const TOO_LITTLE_BYTES = 2e8

/** @param version of the Node that runs this: the app's is chosen in the same way */
export function checkNode(version = process.versions.node): Finding[] {
  if (hasNoKnownHole(version)) return [ok('node', `Node ${version} has no known hole.`)]
  const { seen, remedy } = knownHolesOf(version)
  return [warning('node', seen, { remedy, document: OPERATING })]
}

/** The folder of the data: whether it can be written, and the room on its disk. */
export async function checkFolder({ dataDir, embedded }: LoadedConfig): Promise<Finding[]> {
  const check = 'disk'
  const folder = nearestThereIs(dataDir)
  const isThere = folder === dataDir
  try {
    await access(folder, constants.W_OK)
  } catch {
    const which = isThere ? dataDir : `${dataDir} is not there, and ${folder}`
    return [
      problem(check, `The data folder ${which} cannot be written to by this account.`, {
        remedy: 'Run this as the account that runs Incipit, or give the folder to it.',
        document: OPERATING,
      }),
    ]
  }
  const { bavail, bsize } = await statfs(folder)
  const room = judgeRoom(bavail * bsize, `${embedded ? 'the database' : 'the data folder'} (${dataDir})`)
  return isThere
    ? [room]
    : [ok(check, `The data folder ${dataDir} is not there yet; the first start makes it.`), room]
}

/** A folder, or the one above it in which it would be made. */
function nearestThereIs(folder: string): string {
  const above = path.dirname(folder)
  return existsSync(folder) || above === folder ? folder : nearestThereIs(above)
}

/** @param free bytes on the disk of `what` */
export function judgeRoom(free: number, what: string): Finding {
  const seen = `${printBytes(free)} are free on the disk of ${what}.`
  const advice = { remedy: 'Make room on this disk: without any, nothing can be saved.', document: OPERATING }
  if (free < TOO_LITTLE_BYTES) return problem('disk', seen, advice)
  return free < LITTLE_BYTES ? warning('disk', seen, advice) : ok('disk', seen)
}
