import { SCOPE_WORDS } from '#components/access/rights-words.ts'
import type { Scope } from '#lib/access/rules.ts'
import { AGENT_LABEL, PRESETS, type Preset } from '#lib/keys/rules.ts'
import type { ApiKey } from '#lib/keys/schema.ts'

/** Ready-made sets, with what each is for. */
export const PRESET_WORDS: Readonly<Record<Preset, { name: string; hint: string }>> = {
  agent: { name: 'Agent', hint: `Reads and renders what ${AGENT_LABEL} names, and nothing else` },
  author: { name: 'Author', hint: 'Writes prompts and runs them' },
  ci: { name: 'CI', hint: 'Writes prompts from a repository' },
  full: { name: 'Full', hint: 'All that you may do' },
}

/** The preset that has exactly these scopes, unless it is `full`. */
function presetOf(scopes: readonly Scope[]): Preset | undefined {
  const names = Object.keys(PRESETS) as Preset[]
  return names.find((name) => {
    const given: readonly Scope[] | undefined = PRESETS[name]
    return given?.length === scopes.length && given.every((scope) => scopes.includes(scope))
  })
}

/** What a key or a client may do, in a few words. */
export function scopesText(scopes: readonly Scope[]): string {
  const preset = presetOf(scopes)
  if (preset === 'agent') return 'Reads and renders prompts'
  if (preset !== undefined) return PRESET_WORDS[preset].hint
  if (scopes.length > 3) return `${scopes.length} rights`
  return scopes.map((scope) => SCOPE_WORDS[scope]).join(' · ')
}

/** The state of a key, where it is worth a word; `isBad`: something is to do, or over. */
export const STATUS_WORDS: Readonly<Record<ApiKey['status'], { text: string; isBad: boolean } | undefined>> =
  {
    active: undefined,
    expires_soon: { text: 'expires soon', isBad: true },
    expired: { text: 'expired', isBad: true },
    revoked: { text: 'revoked', isBad: false },
    rotating: { text: 'rotating', isBad: false },
  }

/** How long keys live that are made in the workbench. */
export const LIVES = [
  { id: '7', label: '7 days' },
  { id: '30', label: '30 days' },
  { id: '90', label: '90 days' },
  { id: '365', label: 'A year' },
  { id: 'never', label: 'Until it is revoked' },
] as const

const DAY_MS = 86_400_000

/** The end of a life that begins now. */
export function endOfLife(life: string, now: number): string | null {
  return life === 'never' ? null : new Date(now + Number(life) * DAY_MS).toISOString()
}

/** How long the old text of a key goes on working. */
export const OVERLAPS = [
  { id: '0', label: 'Not at all: the old one ends now' },
  { id: '1', label: 'One hour' },
  { id: '24', label: 'A day' },
  { id: '168', label: 'A week' },
  { id: '720', label: '30 days' },
] as const
