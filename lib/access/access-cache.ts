import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { onPrimary } from '../db/read.ts'
import { RevisionCache } from '../db/revision-cache.ts'
import { appError, isPassing } from '../errors.ts'
import { showCache } from '../held-metrics.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { Turns } from '../turns.ts'
import type { Identity } from './actor.ts'
import { RIGHTS_KIND } from './current-rights.ts'
import { limitFor } from './limits.ts'
import { Misses } from './misses.ts'
import { senderOf } from './networks.ts'

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

/** Where a credential is looked up that memory does not have. */
export interface CredentialSource {
  readonly kind: Identity['credential']['kind']
  /** Whether its text can be one at all; left out: it can. */
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
  readonly misses: Misses
}

function cache(): Cache {
  return getRuntime().once('access.credentials', createCache)
}

function createCache({ feed }: Runtime): Cache {
  const entries = new RevisionCache<Kept>({ maxEntries: CREDENTIALS_MAX })
  const misses = new Misses()
  feed.onChange(({ workspace_id, targets, revision }) => {
    const changed = targets.filter(({ kind }) => kind === RIGHTS_KIND).map(({ id }) => id)
    if (changed.length === 0) return
    entries.touch(workspace_id, changed, revision)
    misses.clear()
  })
  feed.onReset((workspaceId) => {
    entries.clear(workspaceId)
    misses.clear()
  })
  showCache('credentials', entries)
  return { entries, places: new LRUCache({ max: CREDENTIALS_MAX }), misses }
}

/**
 * What a secret goes by in memory, where it never is itself: quicker to make than the hash that is stored, and to no
 * use of who reads it.
 */
export function nameOf(secret: string): string {
  return hash('sha256', secret, 'latin1')
}

/**
 * A credential from memory, until its rights change; for security.auth_stale_ms while the database is away.
 * @param key what `nameOf` makes of its secret
 * @returns undefined when it has to be looked up
 * @throws unavailable
 */
export function recalled(key: string, kind: Identity['credential']['kind']): Verified | undefined {
  const { entries, places } = cache()
  const place = places.get(key)
  const kept = place === undefined ? undefined : entries.peek(place, key)
  // A text that is a good session is no key.
  if (kept?.identity.credential.kind !== kind || !isUsable(kept)) return undefined
  entries.found()
  return kept
}

/** The identity of a credential; undefined: it has expired. */
export function inTime({ identity, expiresAt }: Verified): Identity | undefined {
  return expiresAt === undefined || expiresAt > Date.now() ? identity : undefined
}

/**
 * The identity behind a credential: from memory, else from the database. Of texts that are known here nobody is held
 * up by those that are not: these wait for their turn, and an address that sent too many is refused before it.
 * @param key as of `recalled`
 * @param from network address, of which so many wait at a time; its keys and tokens are counted that were looked up in
 *   vain, but no session: one that has ended is no guess. Left out: nobody counts
 * @returns undefined when it is unknown or not valid any more
 * @throws unavailable, overloaded, rate_limited
 */
export async function verifiedIdentity(
  key: string,
  source: CredentialSource,
  from?: string,
): Promise<Identity | undefined> {
  const { places, misses } = cache()
  const kept = recalled(key, source.kind)
  if (kept !== undefined) return inTime(kept)
  if (source.isPlausible?.() === false || misses.has(key)) return undefined
  const place = places.get(key)
  if (place !== undefined) return lookUp(key, source, place)
  // A text of an address that sent too many wrong ones is not even looked up.
  const sender = from === undefined ? undefined : senderOf(from)
  const guesses =
    sender === undefined || source.kind === 'session' ? undefined : limitFor('looked_up', sender)
  guesses?.check()
  return turns().run(async () => {
    // Another one may have been answered meanwhile.
    const found = recalled(key, source.kind)
    if (found !== undefined) return inTime(found)
    if (misses.has(key)) return undefined
    guesses?.check()
    const identity = await lookUp(key, source, undefined)
    if (identity === undefined) guesses?.take()
    return identity
  }, sender)
}

/** What is new here is looked up by a few at a time, so that a flood of it leaves connections to others. */
function turns(): Turns {
  return getRuntime().once(
    'access.look-ups',
    ({ config: { limits } }) =>
      new Turns({
        atOnce: limits.credential_lookups,
        waiting: () => limits.credential_lookups_waiting,
        full: () =>
          appError('overloaded', 'Too many keys, tokens and sessions wait to be looked up.', {
            retryAfter: 1,
            extra: { limit: 'limits.credential_lookups_waiting' },
          }),
        ofSender: {
          waiting: () => limits.credential_lookups_per_sender,
          full: () =>
            appError(
              'rate_limited',
              'Too many keys, tokens and sessions of this address wait to be looked up.',
              {
                retryAfter: 1,
                extra: { limit: 'limits.credential_lookups_per_sender' },
              },
            ),
        },
      }),
  )
}

async function lookUp(
  key: string,
  source: CredentialSource,
  known: string | undefined,
): Promise<Identity | undefined> {
  const { entries, places, misses } = cache()
  const miss = misses.begin(key)
  const workspaceId = known ?? (await onPrimary(({ pool }) => source.locate(pool)))
  if (workspaceId === undefined) return miss()
  places.set(key, workspaceId)
  try {
    const found = await readAnew(workspaceId, key, source)
    return found === undefined ? miss() : inTime(found)
  } catch (error) {
    // It may take a moment until the database is known to be away.
    const kept = entries.peek(workspaceId, key)
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
