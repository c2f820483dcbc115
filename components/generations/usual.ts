import type { UsualFigures, UsualFiguresAnswer } from '#lib/generations/schema.ts'
import { formatCost, formatPerSecond, formatSpan } from './format-generation.ts'

/** A figure that is shown beside the usual one of its configuration. */
export type ComparedFigure = 'latency_ms' | 'first_token_ms' | 'tokens_per_second' | 'queue_ms' | 'cost'

/** The usual figures by configuration, and the days that they come from. */
export interface Usual {
  days: number
  of: (configuration: string) => UsualFigures | undefined
}

export function usualBy({ days, items }: UsualFiguresAnswer): Usual {
  const figures = new Map(items.map((item) => [item.configuration, item]))
  return { days, of: (configuration) => figures.get(configuration) }
}

/** Fewer answers tell nothing, and fewer than these are said to be few. */
const LEAST_KNOWN = 3
const FEW = 20

interface Kind {
  format: (value: number | null) => string
  /** More of it is better. */
  isGood: boolean
  /** A smaller difference is none that anybody feels. */
  least: number
}

const KINDS: Record<ComparedFigure, Kind> = {
  latency_ms: { format: formatSpan, isGood: false, least: 100 },
  first_token_ms: { format: formatSpan, isGood: false, least: 100 },
  tokens_per_second: { format: formatPerSecond, isGood: true, least: 1 },
  queue_ms: { format: formatSpan, isGood: false, least: 250 },
  cost: { format: formatCost, isGood: false, least: 0 },
}
/** So many times the usual, or a part of it so small, is far off. */
const FAR = 2

/** A figure, the usual one, and how they stand to each other. */
export interface Compared {
  figure: string
  /** undefined: too little is known, or nothing. */
  usual: string | undefined
  /** The figure is far from the usual: which side, and whether that is good. */
  far: { side: 'above' | 'below'; isGood: boolean } | undefined
  /** So many answers the usual comes from, where they are few. */
  few: number | undefined
}

export function compare(
  kind: ComparedFigure,
  value: number | null,
  usual: UsualFigures | undefined,
): Compared {
  const { format, isGood, least } = KINDS[kind]
  const figure = format(value)
  const middle = usual?.[kind] ?? null
  if (value === null || middle === null || usual === undefined || usual.count < LEAST_KNOWN)
    return { figure, usual: undefined, far: undefined, few: undefined }
  const isAbove = value >= middle * FAR && value > middle
  const isFar = Math.abs(value - middle) >= least && (isAbove || value * FAR <= middle) && value !== middle
  return {
    figure,
    usual: format(middle),
    far: isFar ? { side: isAbove ? 'above' : 'below', isGood: isAbove === isGood } : undefined,
    few: usual.count < FEW ? usual.count : undefined,
  }
}
