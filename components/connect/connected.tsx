'use client'

import { CircleCheck } from 'lucide-react'
import { counted } from '#components/ui/format.ts'
import type { Probe } from './probe.ts'

/** What a test of the connection found. */
export function Connected({ found }: { found: Probe }) {
  const facts = [
    ['Server', `${found.server} ${found.version}`],
    ['Protocol', found.revision],
    ['Sees', counted(found.prompts, 'prompt')],
    ['Handshake', milliseconds(found.handshakeMs)],
    ['List', milliseconds(found.listMs)],
  ] as const
  return (
    <div className="rounded-lg border border-line bg-surface p-4">
      <p className="flex items-center gap-2 font-medium text-sm">
        <CircleCheck aria-hidden="true" className="size-4 text-moss" />
        Connected
      </p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-faint">{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {found.prompts === 0 && (
        <p className="mt-3 text-ink-soft text-sm">
          No prompt carries this label in this category, so a client sees an empty list.
        </p>
      )}
    </div>
  )
}

function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`
}
