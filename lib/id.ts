import { v7 } from 'uuid'

/** A new row id: UUID version 7, so that ids made later sort later and indexes stay compact. */
export function newId(): string {
  return v7()
}

/** The first eight and the last twelve digits change with time and chance: enough to tell two rows apart. */
export function shortId(id: string): string {
  return id.slice(-8)
}
