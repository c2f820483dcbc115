import { systemActorIn } from '../../access/identify.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { askToSync } from '../ask-to-sync.ts'
import type { HookAnswer } from '../schema.ts'
import { NOBODYS_SECRET, openSecretOf, SECRETS, type SealedRow } from '../sealed-secrets.ts'
import { readPush } from './read-push.ts'
import { isSigned } from './signed.ts'

/** A request to a hook. */
export interface HookCall {
  id: string
  header: (name: string) => string | undefined
  /** As it came. */
  body: Uint8Array
}

interface Found {
  workspace_id: string
  ref: string
  enabled: boolean
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const NOWHERE = '00000000-0000-0000-0000-000000000000'
const FIND = 'SELECT r.workspace_id, r.ref, r.enabled FROM repository r WHERE r.id = $1::uuid'

/**
 * Takes what a git host tells of a push, if it is signed: the repository is looked at in the background.
 * @throws unauthenticated, the same for a wrong signature and for a repository that is not there; invalid_input,
 *   unavailable
 */
export async function hearPush({ id, header, body }: HookCall): Promise<HookAnswer> {
  const found = await findRepository(UUID.test(id) ? id : NOWHERE)
  if (!isSigned(header, body, found?.secret ?? NOBODYS_SECRET) || found === undefined) throw notSigned()
  const asked = readPush(header, body, found.ref)
  if ('ignored' in asked) return { accepted: false, ignored: asked.ignored }
  if (!found.enabled) return { accepted: false, ignored: 'it is switched off here' }
  const workspaceId = found.workspace_id
  await change(await systemActorIn(workspaceId), async ({ tx, send }) =>
    askToSync({ tx, send }, { workspaceId, id }, asked.commit),
  )
  return { accepted: true }
}

/** Both questions are asked whether there is a repository or not. */
async function findRepository(id: string): Promise<(Found & { secret: string }) | undefined> {
  return onPrimary(async ({ pool }) => {
    const { rows } = await pool.query<Found>({ name: 'repositories.hook', text: FIND, values: [id] })
    const [row] = rows
    const workspaceId = row?.workspace_id ?? NOWHERE
    const values = [workspaceId, id]
    const secrets = await pool.query<SealedRow>({ name: 'repositories.secrets', text: SECRETS, values })
    const secret = openSecretOf(workspaceId, secrets.rows, 'hook')
    return row === undefined || secret === undefined ? undefined : { ...row, secret }
  })
}

function notSigned() {
  return appError(
    'unauthenticated',
    'This is signed with no secret of a repository here. Give the git host the address and the secret that Incipit shows; a new secret replaces the one before.',
  )
}
