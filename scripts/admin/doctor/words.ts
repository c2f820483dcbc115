/** `3 days`, `12 minutes`, `40 seconds` */
export function length(ms: number): string {
  const seconds = Math.abs(ms) / 1000
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const)
    if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit}s`
  return `${Math.round(seconds)} seconds`
}
