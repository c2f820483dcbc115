import type { ReactNode } from 'react'

export interface Fact {
  name: string
  value: ReactNode
}

/** Names with their values, one a line. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="divide-y divide-line border-line border-y text-sm">
      {facts.map(({ name, value }) => (
        <div key={name} className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-3 py-2">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="min-w-0 tabular-nums [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
