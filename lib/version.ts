import manifest from '../package.json' with { type: 'json' }

/** The product's version: package.json is the one place that says it. */
export const VERSION: string = manifest.version

/** Orders versions such as `0.2.0` by their numbers: below 0 when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  return left.map((number, at) => number - (right[at] ?? 0)).find((difference) => difference !== 0) ?? 0
}

function numbersOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10))
}
