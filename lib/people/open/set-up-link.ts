import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadLocalIdentity } from '../../access/identify.ts'
import { accessState, STATE_KIND } from '../../access/state.ts'
import { onPrimary } from '../../db/read.ts'
import { isAppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { linkTo, newLinkSecret } from '../links.ts'

const HOURS = 24
/** The launcher prints what is in it: the app's own output is the log. */
const FILE = 'set-up-link'

/**
 * Makes the link to the set-up page where others can come and there is no owner: each start makes a new one, and every
 * instance takes it. Only its hash is kept in the database.
 */
export async function makeSetUpLink({ config, log }: Runtime): Promise<void> {
  const state = await accessState()
  if (state === 'local' || state === 'accounts') return removeSetUpLink()
  const { secret, hash } = newLinkSecret()
  const { rowCount } = await onPrimary(({ pool }) =>
    pool.query(
      `UPDATE access_state SET set_up_hash = $1, set_up_expires_at = now() + make_interval(hours => $2)
       WHERE id AND first_owner_at IS NULL`,
      [hash, HOURS],
    ),
  )
  if (rowCount === 0) return
  const file = fileIn(config.dataDir)
  try {
    write(file, `${linkTo('set-up', secret)}\n`)
    log.info({ file }, 'there is no owner yet: the link to the set-up page is in this file')
  } catch (error) {
    // The link itself stays out of the log.
    process.stdout.write(`\nSet up Incipit: ${linkTo('set-up', secret)}\n\n`)
    log.warn({ err: error, file }, 'the link to the set-up page could not be written')
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${newId()}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

function fileIn(folder: string): string {
  return path.join(/* turbopackIgnore: true */ folder, FILE)
}

/** Removes the file with the link: there is an owner now, or none is needed. */
export function removeSetUpLink(): void {
  const { config, log } = getRuntime()
  try {
    rmSync(fileIn(config.dataDir), { force: true })
  } catch (error) {
    log.debug({ err: error }, 'the file with the link to the set-up page could not be removed')
  }
}

/** Follows what other instances and the operator's commands do with the state of access. */
export function followAccessState({ feed, log }: Runtime): void {
  feed.onChange(({ targets }) => {
    if (!targets.some(({ kind }) => kind === STATE_KIND)) return
    // The local owner may be another actor by now.
    const reread = async () => {
      await loadLocalIdentity()
      if ((await accessState()) === 'accounts') removeSetUpLink()
    }
    reread().catch((error: unknown) => {
      if (!isAppError(error)) log.debug({ err: error }, 'the local owner could not be read')
    })
  })
}
