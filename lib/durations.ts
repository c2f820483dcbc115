/** The durations of one series: how many kept to each bound, and their sum. */
class Series {
  /** By the first bound that they keep to; the last are above all bounds. */
  readonly counts: number[]
  count = 0
  /** In seconds. */
  sum = 0

  constructor(bounds: number) {
    this.counts = Array.from({ length: bounds + 1 }, () => 0)
  }
}

/**
 * Durations by series, as a classic histogram counts them. The library's own hashes the labels of each observation,
 * which costs more than the rest of the count. Knows no runtime, so that everything may hold one.
 */
export class Durations {
  /** Upper bounds in seconds, rising. */
  readonly bounds: readonly number[]
  readonly #series = new Map<string, Series>()

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
  }

  /**
   * Counts one.
   * @param key the values of the labels, joined by spaces. They come from tables of ours: each text makes a series
   */
  add(key: string, seconds: number): void {
    let series = this.#series.get(key)
    if (series === undefined) {
      series = new Series(this.bounds.length)
      this.#series.set(key, series)
    }
    const bucket = this.bounds.findIndex((bound) => seconds <= bound)
    const at = bucket === -1 ? this.bounds.length : bucket
    series.counts[at] = (series.counts[at] ?? 0) + 1
    series.count += 1
    series.sum += seconds
  }

  /** How many there were of each series. */
  *counts(): Iterable<[key: string, count: number]> {
    for (const [key, { count }] of this.#series) yield [key, count]
  }

  series(): Iterable<[key: string, series: Readonly<Series>]> {
    return this.#series
  }
}

/** Counts by the values of labels, joined by spaces. */
export class Counts extends Map<string, number> {
  add(key: string, by = 1): void {
    this.set(key, (this.get(key) ?? 0) + by)
  }
}

/** A label whose values people make up: past `most` of them it says "other". */
export class CappedLabel {
  readonly #known = new Set<string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  of(value: string): string {
    if (this.#known.has(value)) return value
    if (this.#known.size >= this.#most) return 'other'
    this.#known.add(value)
    return value
  }
}
