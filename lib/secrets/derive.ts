import { hkdfSync } from 'node:crypto'
import { getRuntime, type Runtime } from '../runtime.ts'
import { readOrMakeSecret } from './secret-file.ts'

/** The labels that keys are derived under. Each one gives a key of its own, which tells nothing of the others. */
export const LABELS = {
  'api keys': 'pepper of the hashes of API keys',
} as const

export type Label = keyof typeof LABELS

const BYTES = 32

/** The keys of all known secrets for one use: of the current one, then of those in INCIPIT_SECRET_PREVIOUS. */
export function derivedKeys(label: Label, bytes = BYTES): Buffer[] {
  const { current, previous } = secrets()
  return [current, ...previous].map((secret) => hkdf(secret, label, bytes))
}

function secrets(): { readonly current: string; readonly previous: readonly string[] } {
  return getRuntime().once('secrets', ({ config }: Runtime) => ({
    current: config.keys.secret ?? readOrMakeSecret(config.dataDir),
    previous: config.keys.previousSecrets,
  }))
}

/** The secret has 32 characters at least: a slow hash would add nothing. */
function hkdf(secret: string, label: Label, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `incipit ${label} 1`, bytes))
}
