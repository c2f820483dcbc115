'use client'

import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import type { PromptSummary } from '#lib/prompts/schema.ts'

/** Up to here rows stand in the page as they are: the browser's own search finds them, and nothing is measured. */
const PLAIN_ROWS = 100
/** Rows of the first page are laid out at once, so that nothing moves when they are measured. */
const EAGER_ROWS = 50

export interface RowsProps {
  prompts: readonly PromptSummary[]
  /** How many rows the whole list has, as far as that is known; -1 while it goes on. */
  total: number
  renderRow: (prompt: PromptSummary) => ReactNode
}

/** The rows in sight, once they were loaded: a list that is come back to has them at once. */
let loaded: ComponentType<RowsProps> | undefined

/** The rows of the list; only those in sight once there are many. */
export function Rows(props: RowsProps) {
  const { prompts, total } = props
  // No Suspense: it would put other rows in the place of those that stand there, and hold the next ones back.
  const [VirtualRows, setVirtualRows] = useState(() => loaded)
  const growsLong = total === -1 || prompts.length > PLAIN_ROWS
  useEffect(() => {
    if (!growsLong || loaded) return
    const load = async () => {
      loaded = (await import('./virtual-rows.tsx')).VirtualRows
      setVirtualRows(() => loaded)
    }
    void load()
  }, [growsLong])
  return VirtualRows && prompts.length > PLAIN_ROWS ? <VirtualRows {...props} /> : <PlainRows {...props} />
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
