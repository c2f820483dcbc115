import { formatNumber } from '#components/ui/format.ts'

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

/** `2.5 GB`, `812 MB`, `12 kB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : formatNumber(Math.round(value))} ${units[unit]}`
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
