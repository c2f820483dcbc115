import { useState } from 'react'

const MOVES: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'])

/**
 * For a menu whose lines the server finds by what is typed above it. Names it by the text that was answered last:
 * with a new name, as its key, it begins at its first line again. It keeps its name where somebody moves on before
 * the answer, so that Enter does what they chose.
 */
export function useMenuOfAnswer(text: string, isSearching: boolean) {
  const [name, setName] = useState(text)
  const [movedIn, setMovedIn] = useState<string>()
  if (!isSearching && name !== text && movedIn !== text) setName(text)
  return { name, onKey: (key: string) => MOVES.has(key) && setMovedIn(text) }
}
