import { userAgent } from '../client.ts'
import { setting } from '../environment.ts'
import type { Lock } from '../files/lock.ts'
import { Transport } from '../http/transport.ts'
import { COMMAND_LINE, Registry } from '../registry/registry.ts'
import { type Given, usage } from './command.ts'
import { type Profile, readProfiles } from './profiles.ts'

const LOCAL = 'http://localhost:3000'
const TIMEOUT_MS = 30_000
const RETRIES = 3

export function registryOf({ url, key }: Profile): Registry {
  return new Registry(
    new Transport({
      url,
      key,
      userAgent: userAgent(undefined, COMMAND_LINE),
      timeoutMs: TIMEOUT_MS,
      retries: RETRIES,
      fetch,
    }),
  )
}

/**
 * The instance that a command speaks to: --profile, --url, INCIPIT_URL, INCIPIT_PROFILE, the one that the folder was
 * pulled from (with the key that is kept of it, or with none), the usual profile, this machine. A lock file alone never
 * decides where a key of the environment is sent to.
 */
export async function connect(given: Given, lock?: Lock): Promise<Registry> {
  return registryOf(await chosen(given, lock))
}

async function chosen(given: Given, lock: Lock | undefined): Promise<Profile> {
  const kept = await readProfiles()
  const named = given.text('profile')
  if (named !== undefined) return profileNamed(kept.profiles, named)
  const url = given.text('url') ?? setting('INCIPIT_URL')
  if (url !== undefined) return withKey(url, kept.profiles)
  const usual = setting('INCIPIT_PROFILE')
  if (usual !== undefined) return profileNamed(kept.profiles, usual)
  const known = Object.values(kept.profiles)
  const pulledFrom = known.find((each) => lock !== undefined && isSameUrl(each.url, lock.url))
  if (pulledFrom !== undefined) return pulledFrom
  // Without a key an address can be asked that nobody signed in to.
  if (lock !== undefined && lock.url !== '' && setting('INCIPIT_API_KEY') === undefined)
    return { url: lock.url }
  return kept.profiles[kept.default ?? ''] ?? withKey(LOCAL, kept.profiles)
}

/** One side of a copy: the name of a profile, or an address. */
export async function connectTo(place: string): Promise<Registry> {
  const { profiles } = await readProfiles()
  const profile = Object.hasOwn(profiles, place) ? profiles[place] : undefined
  if (profile !== undefined) return registryOf(profile)
  if (!/^https?:/.test(place)) return registryOf(profileNamed(profiles, place))
  // The key of the environment cannot be that of both sides: one that is kept of an address goes before it.
  const kept = Object.values(profiles).find((each) => isSameUrl(each.url, place))
  return registryOf(kept ?? withKey(place, profiles))
}

/** The key of the environment is for the address of the environment, or for one that no other key is kept of. */
function withKey(url: string, profiles: Record<string, Profile>): Profile {
  const kept = Object.values(profiles).find((each) => isSameUrl(each.url, url))?.key
  const own = setting('INCIPIT_API_KEY')
  const there = setting('INCIPIT_URL')
  const key = there === undefined || isSameUrl(there, url) ? (own ?? kept) : kept
  return { url, ...(key !== undefined && { key }) }
}

function profileNamed(profiles: Record<string, Profile>, name: string): Profile {
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (found !== undefined) return found
  const names = Object.keys(profiles)
  const there = names.length === 0 ? 'there is none yet' : `there are: ${names.join(', ')}`
  throw usage(`There is no profile "${name}" (${there}). incipit login URL --profile ${name} makes it.`)
}

function isSameUrl(one: string, other: string): boolean {
  return one.replace(/\/+$/, '') === other.replace(/\/+$/, '')
}

/**
 * Version numbers mean something on their own instance alone.
 * @throws usage when a folder was pulled from another one
 */
export function assertSameInstance(lock: Lock, { url }: Registry): void {
  if (lock.url === '' || isSameUrl(lock.url, url)) return
  throw usage(
    `incipit.lock belongs to ${lock.url}, and this is ${url}. Name the right one by --url or --profile; incipit copy brings prompts from one to another.`,
  )
}
