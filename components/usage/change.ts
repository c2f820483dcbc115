/** How a figure stands against the span before. */
export interface Change {
  /** `ratio`: 0.12 is 12 % more. `points`: difference of two shares, 0.01 is one percentage point. */
  kind: 'ratio' | 'points'
  by: number
}

/** The change of a count or a duration; undefined when there is nothing to compare with. */
export function ratioOf(now: number | null, before: number | null): Change | undefined {
  if (now === null || before === null || before === 0) return undefined
  return { kind: 'ratio', by: now / before - 1 }
}

/** The change of a share. */
export function pointsOf(now: number | null, before: number | null): Change | undefined {
  if (now === null || before === null) return undefined
  return { kind: 'points', by: now - before }
}
