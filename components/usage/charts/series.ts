/** One line of a chart, or one colour of its bars. */
export interface Series {
  key: string
  name: string
  /** A colour of tokens.css; neighbours differ in lightness too. */
  color: string
  /** Lines differ by more than their colour. */
  dash?: string
  values: readonly (number | null)[]
  /** When its points were, in words, where that is another time than that of the line. */
  times?: readonly (string | undefined)[]
  /** The legend's value while no point is selected: of the whole span. */
  whole: number | null
}

/** Something that happened, at a place between 0 and 1 of the time line. */
export interface PlacedMark {
  at: number
  kind: 'version' | 'label' | 'note'
}

/** The axis that the charts of a time line share. */
export interface TimeLine {
  /** Beginning of each point in words. */
  names: readonly string[]
  /** Shorter, for the axis. */
  ticks: readonly string[]
  marks: readonly PlacedMark[]
  /** The events at each point, in words, for screen readers. */
  happened: readonly (string | undefined)[]
}

/** The point that is looked at in all charts at once; null: none. */
export interface Cursor {
  at: number | null
  move: (at: number | null) => void
}

const COLORS = [
  'var(--series-1)',
  'var(--series-2)',
  'var(--series-3)',
  'var(--series-4)',
  'var(--series-5)',
  'var(--series-6)',
]
const OTHER_COLOR = 'var(--series-other)'

/** The colour of the n-th of several kinds. */
export function colorOf(index: number, key: string): string {
  return key === 'other' ? OTHER_COLOR : (COLORS[index] ?? OTHER_COLOR)
}

/** What a point has under a key; clients may call themselves as members of every object are called. */
export function valueOfKey({ series }: { series: Readonly<Record<string, number>> }, key: string): number {
  return Object.hasOwn(series, key) ? (series[key] ?? 0) : 0
}
