'use client'

import { lazy, type ReactNode, Suspense } from 'react'
import type { PromptSummary } from '#lib/prompts/schema.ts'

/** Up to here rows stand in the page as they are: the browser's own search finds them, and nothing is measured. */
const PLAIN_ROWS = 100
/** Rows of the first page are laid out at once, so that nothing moves when they are measured. */
const EAGER_ROWS = 50

const VirtualRows = lazy(async () => ({ default: (await import('./virtual-rows.tsx')).VirtualRows }))

export interface RowsProps {
  prompts: readonly PromptSummary[]
  /** How many rows the whole list has, as far as that is known; -1 while it goes on. */
  total: number
  renderRow: (prompt: PromptSummary) => ReactNode
}

/** The rows of the list; only those in sight once there are many. */
export function Rows(props: RowsProps) {
  if (props.prompts.length <= PLAIN_ROWS) return <PlainRows {...props} />
  return (
    <Suspense fallback={<PlainRows {...props} />}>
      <VirtualRows {...props} />
    </Suspense>
  )
}

function PlainRows({ prompts, total, renderRow }: RowsProps) {
  return (
    <ol className="divide-y divide-line">
      {prompts.map((prompt, index) => (
        <li
          key={prompt.id}
          data-index={index}
          aria-posinset={index + 1}
          aria-setsize={total}
          className={index < EAGER_ROWS ? undefined : 'lazy-row'}
        >
          {renderRow(prompt)}
        </li>
      ))}
    </ol>
  )
}
