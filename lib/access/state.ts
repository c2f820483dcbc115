import type { LoadedConfig } from '../config/load.ts'
import { appError } from '../errors.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { isLocalMode, unsafeAddress } from './listen-guard.ts'

/**
 * local: no account, and only this machine can come here. set_up: no account, and others can. open: no account, and
 * the operator wants everybody to act as owner. accounts: everybody signs in or brings a key.
 */
export type AccessState = 'local' | 'set_up' | 'open' | 'accounts'

/** The kind of a target whose change changes the state: its audit row reaches every instance. */
export const STATE_KIND = 'access'

interface Holder {
  hasAccounts: boolean | undefined
  /** It has been read before: what is unknown since may be otherwise now. */
  wasRead?: boolean
}

function holder(): Holder {
  return getRuntime().once('access.state', (runtime) => {
    const held: Holder = { hasAccounts: undefined }
    const reread = () => {
      // Whoever asks meanwhile waits for the answer: what was true before lets nobody in.
      held.hasAccounts = undefined
      refreshAccessState().catch((error: unknown) => {
        runtime.log.warn(
          { err: error },
          'whether there are accounts could not be read; the next request asks again',
        )
      })
    }
    runtime.feed.onChange(({ targets }) => {
      if (targets.some(({ kind }) => kind === STATE_KIND)) reread()
    })
    runtime.feed.onReset(reread)
    return held
  })
}

/**
 * Reads anew whether there are accounts. That they are switched off counts where only this machine can come: nowhere
 * else does it open anything.
 * @throws unavailable
 */
export async function refreshAccessState(): Promise<void> {
  const { database, config } = getRuntime()
  const { rows } = await database.primary.pool.query<{ has_accounts: boolean }>(
    `SELECT EXISTS (SELECT FROM access_state
       WHERE first_owner_at IS NOT NULL AND (accounts_off_at IS NULL OR NOT $1)) AS has_accounts`,
    [isLocalMode(config)],
  )
  Object.assign(holder(), { hasAccounts: rows[0]?.has_accounts === true, wasRead: true })
}

/** The state of this installation, as it is known here. @throws unavailable before it was read */
export async function accessState(): Promise<AccessState> {
  const held = holder()
  if (held.hasAccounts === undefined) {
    // The tables may be those of a version before.
    if (getRuntime().waitingFor === 'migrations')
      throw appError('unavailable', 'The app is starting.', { retryAfter: 2 })
    await refreshAccessState()
  }
  return stateOf(getRuntime(), held.hasAccounts === true)
}

/** The same without waiting; undefined: it was not read yet. */
export function knownAccessState(): AccessState | undefined {
  const { hasAccounts } = holder()
  return hasAccounts === undefined ? undefined : stateOf(getRuntime(), hasAccounts)
}

function stateOf({ config }: Runtime, hasAccounts: boolean): AccessState {
  if (hasAccounts) return 'accounts'
  if (config.security.allow_open) return 'open'
  return isLocalMode(config) ? 'local' : 'set_up'
}

/**
 * Whether only people of this machine come here, who may do more: name an AI provider in their own network, for one.
 * With accounts nobody may, from wherever they come.
 */
export function isLocal(config: Pick<LoadedConfig, 'server' | 'security' | 'publicUrl'>): boolean {
  const { hasAccounts, wasRead } = holder()
  return isLocalMode(config) && (hasAccounts === false || wasRead !== true)
}

/** Whether there are no accounts, and everybody who comes here is the owner. */
export function isAlone(): boolean {
  const { config } = getRuntime()
  return knownAccessState() === 'open' || isLocal(config)
}

/**
 * Tells the operator in which state the app starts, where that may surprise.
 * @throws Error when there are accounts that cannot be served under the public address
 */
export async function checkStart({ config, log }: Runtime): Promise<void> {
  const state = await accessState()
  const unsafe = unsafeAddress(config)
  if (state === 'accounts' && unsafe !== undefined) throw new Error(unsafe)
  if (state === 'set_up' && unsafe !== undefined)
    log.warn(`${unsafe} Until then the first start after the set-up is refused.`)
  if (state === 'open')
    log.warn(
      'security.allow_open: there are no accounts, and everybody who reaches this address acts as its owner. The first account ends that',
    )
}

/** The refusal of whatever needs an account while there is none. */
export function notSetUp() {
  return appError(
    'unauthenticated',
    'This server is not set up yet: its operator finds the link to the set-up page on the console of the server.',
  )
}
