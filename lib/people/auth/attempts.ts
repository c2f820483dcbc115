import { createHash } from 'node:crypto'
import { countLimited } from '../../access/access-metrics.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

/** What is counted: failures by these keys, each with the most that it may have. */
interface Counted {
  key: string
  most: number
}

/** An attempt that was counted before it was made, so that many at once cannot pass together. */
export interface Attempt {
  /** It did not fail: it is taken back. */
  forgive(): Promise<void>
}

/**
 * Counts an attempt to sign in with a password, for the account and address, and for the address.
 * @throws rate_limited
 */
export function attemptPassword(email: string, address: string | undefined): Promise<Attempt> {
  const { sign_in_failures, sign_in_failures_address } = getRuntime().config.security
  const from = network(address)
  return attempt([
    { key: `password ${email} ${from}`, most: sign_in_failures },
    { key: `address ${from}`, most: sign_in_failures_address },
  ])
}

/**
 * Counts an attempt of somebody who is known by a first proof: with a code, a recovery code, or to be fresh.
 * @param of whom or what the tries are counted for, such as a person
 * @throws rate_limited
 */
export function attemptProof(of: string): Promise<Attempt> {
  return attempt([{ key: `proof ${of}`, most: getRuntime().config.security.sign_in_failures }])
}

/**
 * Counts an attempt of an unknown person, with something that cannot be guessed but costs work: a passkey.
 * @throws rate_limited
 */
export function attemptFrom(address: string | undefined): Promise<Attempt> {
  const most = getRuntime().config.security.sign_in_failures_address
  return attempt([{ key: `address ${network(address)}`, most }])
}

/** Who has an IPv6 address has all of its network. */
function network(address: string | undefined): string {
  if (address?.includes(':') !== true || address.includes('.')) return address ?? 'unknown'
  const [front = '', back] = address.split('::')
  const groups = front.split(':')
  if (back === undefined) return groups.slice(0, 4).join(':')
  const zeros = Math.max(0, 8 - groups.length - back.split(':').length)
  return [...groups, ...Array<string>(zeros).fill('0'), ...back.split(':')].slice(0, 4).join(':')
}

/** A window that has ended begins anew with the first attempt after it. The order of keys is that of all. */
const COUNT = `INSERT INTO sign_in_count AS c (key, failures, ends_at)
  SELECT key, 1, now() + make_interval(mins => $2) FROM unnest($1::bytea[]) AS each (key) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN c.ends_at <= now() THEN 1 ELSE c.failures + 1 END,
    ends_at = CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END
  RETURNING encode(key, 'hex') AS key, failures, extract(epoch FROM ends_at - now())::float8 AS seconds`

const FORGIVE = `UPDATE sign_in_count SET failures = greatest(0, failures - 1)
  WHERE key IN (SELECT key FROM sign_in_count WHERE key = ANY ($1) ORDER BY key FOR UPDATE)`

async function attempt(counted: Counted[]): Promise<Attempt> {
  const { sign_in_window_minutes: minutes } = getRuntime().config.security
  const most = new Map(counted.map(({ key, most }) => [keyHash(key).toString('hex'), most]))
  const keys = counted.map(({ key }) => keyHash(key))
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ key: string; failures: number; seconds: number }>({
      name: 'people.count-attempt',
      text: COUNT,
      values: [keys, minutes],
    }),
  )
  const over = rows.filter(({ key, failures }) => failures > (most.get(key) ?? 0))
  if (over.length > 0) {
    const [longest] = over.toSorted((a, b) => b.seconds - a.seconds)
    throw tooMany(longest?.seconds ?? 1, {
      requests: most.get(longest?.key ?? '') ?? 0,
      seconds: minutes * 60,
    })
  }
  return {
    async forgive() {
      await onPrimary(({ pool }) => pool.query(FORGIVE, [keys]))
    },
  }
}

/** What is kept names nobody. */
function keyHash(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function tooMany(seconds: number, rate: { requests: number; seconds: number }): Error {
  countLimited('sign_in')
  return appError('rate_limited', 'There were too many attempts to sign in. Try again later.', {
    retryAfter: Math.max(1, Math.ceil(seconds)),
    extra: { limit: 'security.sign_in_failures', rate: { policy: 'sign_in', ...rate } },
  })
}

/** Deletes counts whose time is over; upkeep calls it. */
export async function deleteOldCounts(): Promise<void> {
  await onPrimary(({ pool }) => pool.query(`DELETE FROM sign_in_count WHERE ends_at < now()`))
}
