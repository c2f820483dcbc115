import { hkdfSync } from 'node:crypto'
import { getRuntime, type Runtime } from '../runtime.ts'
import { findSecret, readOrMakeSecret } from './secret-file.ts'

/** The labels that keys are derived under. Each one gives a key of its own, which tells nothing of the others. */
export const LABELS = {
  'key id': 'names a secret without telling it',
  'key wrapping': 'wraps the data keys that seal what is stored',
  'api keys': 'pepper of the hashes of API keys',
  'oauth cookies': 'signs the cookies of the authorization server',
  'sign-in': 'signs session cookies and seals second factors',
  receipts: 'signs the receipts of renders and generations',
} as const

export type Label = keyof typeof LABELS

const BYTES = 32

/** The secret of this installation, and earlier ones that still open what they sealed. */
interface Secrets {
  readonly current: string
  readonly previous: readonly string[]
}

/**
 * The key of the current secret for one use: INCIPIT_SECRET, else the file in the data folder, which the first
 * call makes.
 * @throws Error when the file cannot be read or made
 */
export function deriveKey(label: Label, bytes = BYTES): Buffer {
  return hkdf(secrets().current, label, bytes)
}

/** The keys of all known secrets for one use: of the current one, then of those in INCIPIT_SECRET_PREVIOUS. */
export function derivedKeys(label: Label, bytes = BYTES): Buffer[] {
  const { current, previous } = secrets()
  return [current, ...previous].map((secret) => hkdf(secret, label, bytes))
}

/** Whether there is a secret already; without one the first use makes it. */
export function hasSecret(): boolean {
  const { config } = getRuntime()
  return config.keys.secret !== undefined || findSecret(config.dataDir) !== undefined
}

function secrets(): Secrets {
  return getRuntime().once('secrets', ({ config }: Runtime) => ({
    current: config.keys.secret ?? readOrMakeSecret(config.dataDir),
    previous: config.keys.previousSecrets,
  }))
}

/** The secret has 32 characters at least: a slow hash would add nothing. */
function hkdf(secret: string, label: Label, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `incipit ${label} 1`, bytes))
}
