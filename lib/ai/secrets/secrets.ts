import { hkdfSync } from 'node:crypto'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { readOrMakeSecret } from '../../secrets/secret-file.ts'

/** A key made from a secret of the operator; it wraps the keys that seal. */
export interface WrappingKey {
  /** Stored beside what it sealed, so that the right one is found after a rotation. */
  id: string
  key: Buffer
}

export interface WrappingKeys {
  /** Seals from now on. */
  current: WrappingKey
  /** Open what is sealed, by id; the current one among them. */
  byId: ReadonlyMap<string, WrappingKey>
}

/**
 * The wrapping keys of this process: of INCIPIT_SECRET, else of the file in the data folder, and of the
 * secrets in INCIPIT_SECRET_PREVIOUS.
 * @throws Error when the file cannot be read or made
 */
export function wrappingKeys(): WrappingKeys {
  return getRuntime().once('ai.wrapping-keys', createWrappingKeys)
}

function createWrappingKeys({ config }: Runtime): WrappingKeys {
  const current = wrappingKey(config.keys.secret ?? readOrMakeSecret(config.dataDir))
  const all = [...config.keys.previousSecrets.map(wrappingKey), current]
  return { current, byId: new Map(all.map((key) => [key.id, key])) }
}

function wrappingKey(secret: string): WrappingKey {
  const derive = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `incipit ${use} 1`, bytes))
  return { id: derive('key id', 8).toString('hex'), key: derive('key wrapping', 32) }
}
