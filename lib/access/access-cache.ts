import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { onPrimary } from '../db/read.ts'
import { RevisionCache } from '../db/revision-cache.ts'
import { appError, isPassing } from '../errors.ts'
import { showCache } from '../held-metrics.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import type { Identity } from './actor.ts'
import { RIGHTS_KIND } from './current-rights.ts'

/** A credential that was looked up. */
export interface Verified {
  identity: Identity
  /** Ids of the actors on whose rights it depends: a change of one of them drops it. */
  dependsOn: string[]
  /** Revision of the workspace in the same snapshot. */
  revision: number
  /** When it ends by itself, in milliseconds since 1970. */
  expiresAt: number | undefined
}

interface Kept extends Verified {
  readonly verifiedAt: number
}

export interface CredentialSource {
  /** Whether one that is not known here is worth looking up. */
  isPlausible?(): boolean
  /** The workspace of a credential; undefined: it is unknown. It never changes. */
  locate(pool: pg.Pool): Promise<string | undefined>
  /** The credential as it is now; undefined: it is not valid any more. */
  load(pool: pg.Pool): Promise<Verified | undefined>
}

/** Credentials that are remembered, of all workspaces together. */
const CREDENTIALS_MAX = 50_000
/** An entry is read again after this time, whatever the change feed says. */
const REREAD_MS = 60_000

interface Cache {
  readonly entries: RevisionCache<Kept>
  readonly places: LRUCache<string, string>
}

function cache(): Cache {
  return getRuntime().once('access.credentials', createCache)
}

function createCache({ feed }: Runtime): Cache {
  const entries = new RevisionCache<Kept>({ maxEntries: CREDENTIALS_MAX })
  feed.onChange(({ workspace_id, targets, revision }) => {
    const changed = targets.filter(({ kind }) => kind === RIGHTS_KIND).map(({ id }) => id)
    if (changed.length > 0) entries.touch(workspace_id, changed, revision)
  })
  feed.onReset((workspaceId) => entries.clear(workspaceId))
  showCache('credentials', entries)
  return { entries, places: new LRUCache({ max: CREDENTIALS_MAX }) }
}

/**
 * The identity behind a credential: from memory until its rights change, for security.auth_stale_ms while the
 * database is away.
 * @param key names the credential, such as a hash of it; never the secret itself
 * @returns undefined when it is unknown or not valid any more
 * @throws unavailable
 */
export async function verifiedIdentity(key: string, source: CredentialSource): Promise<Identity | undefined> {
  const { entries, places } = cache()
  const known = places.get(key)
  const kept = known === undefined ? undefined : entries.peek(known, key)
  if (known !== undefined && kept !== undefined && isUsable(kept)) {
    entries.found()
    return inTime(kept)
  }
  if (source.isPlausible?.() === false) return undefined
  const workspaceId = known ?? (await onPrimary(({ pool }) => source.locate(pool)))
  if (workspaceId === undefined) return undefined
  places.set(key, workspaceId)
  try {
    const found = await readAnew(workspaceId, key, source)
    return found && inTime(found)
  } catch (error) {
    // It may take a moment until the database is known to be away.
    if (kept !== undefined && isPassing(error) && ageOf(kept) < staleMs()) return inTime(kept)
    throw error
  }
}

async function readAnew(
  workspaceId: string,
  key: string,
  source: CredentialSource,
): Promise<Verified | undefined> {
  const { entries } = cache()
  return entries.reading(workspaceId, async (keep) => {
    const verified = await onPrimary(({ pool }) => source.load(pool))
    if (verified === undefined) entries.touch(workspaceId, [key], 0)
    else {
      const value = { ...verified, verifiedAt: Date.now() }
      keep(key, { value, revision: verified.revision, tags: [...verified.dependsOn, key] })
    }
    return verified
  })
}

const ageOf = ({ verifiedAt }: Kept) => Date.now() - verifiedAt
const staleMs = () => getRuntime().config.security.auth_stale_ms

/** @throws unavailable when the database has been away for too long to trust what was read before */
function isUsable(kept: Kept): boolean {
  if (!getRuntime().database.availability.down) return ageOf(kept) < REREAD_MS
  if (ageOf(kept) < staleMs()) return true
  throw appError('unavailable', 'The database is away, so nobody can be recognized.', { retryAfter: 2 })
}

function inTime({ identity, expiresAt }: Verified): Identity | undefined {
  return expiresAt === undefined || expiresAt > Date.now() ? identity : undefined
}
