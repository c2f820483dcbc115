const SPANS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** `3 d 4 h`, `12 min`, `40 s`; of a length in seconds, its two largest parts. */
export function formatLength(seconds: number): string {
  let left = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [unit, length] of SPANS) {
    const count = Math.floor(left / length)
    left -= count * length
    if (count > 0 || parts.length > 0) parts.push(`${count} ${unit}`)
    if (parts.length === 2) break
  }
  return parts.length === 0 ? `${left} s` : parts.filter((part) => !part.startsWith('0 ')).join(' ')
}

/** `97 %` of what was asked for; undefined when nothing was. */
export function formatShare(part: number, rest: number): string | undefined {
  const all = part + rest
  return all === 0 ? undefined : `${Math.floor((100 * part) / all)} %`
}

/** `make_partitions` as words. */
export function wordsOf(name: string): string {
  return name.replaceAll('_', ' ')
}
