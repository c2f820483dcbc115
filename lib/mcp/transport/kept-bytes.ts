import type { JsonObject } from './message.ts'

/** The bytes of one result, in the two forms that results have on the wire. */
export interface KeptBytes {
  handshake?: Uint8Array<ArrayBuffer>
  stateless?: Uint8Array<ArrayBuffer>
}

const kept = new WeakMap<JsonObject, KeptBytes>()

/** Marks a result as one that is given out again as the very same object: its bytes are worth keeping. */
export function keepBytes<T extends JsonObject>(result: T): T {
  kept.set(result, {})
  return result
}

export function keptBytes(result: JsonObject): KeptBytes | undefined {
  return kept.get(result)
}

/**
 * Makes something out of an object once, for as long as that object lives: caches below give out the
 * same object until it changes.
 */
export function oncePer<K extends object, V>(make: (source: K) => V): (source: K) => V {
  const made = new WeakMap<K, V>()
  return (source) => {
    const known = made.get(source)
    if (known !== undefined) return known
    const value = make(source)
    made.set(source, value)
    return value
  }
}
