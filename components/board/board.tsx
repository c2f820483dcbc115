'use client'

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'

interface BoardProps<Item extends { id: string }> {
  /** Of the section, and of its action in the palette. */
  id: string
  title: string
  /** What it is for, in a sentence. */
  about: string
  /** What makes an item: the button, and what else the palette finds it by. */
  make: { name: string; sign: LucideIcon; words: string; run: () => void }
  /** What stands in the place of the list while there is none. */
  nothing: { title: string; text: string; action: string }
  items: readonly Item[]
  renderRow: (item: Item) => ReactNode
  /** What stands below: the open dialog, a history. */
  children?: ReactNode
}

/** A short list that people make entries of, change and delete: its heading, its rows, the way to a new one. */
export function Board<Item extends { id: string }>(props: BoardProps<Item>) {
  const { id, title, about, make, nothing, items, renderRow, children } = props
  useActions([{ id: `${id}.new`, name: make.name, group: title, run: make.run, words: make.words }])
  return (
    <section aria-labelledby={id}>
      <SectionHead
        id={id}
        title={title}
        action={
          <Button look="primary" onPress={make.run}>
            <make.sign aria-hidden="true" />
            {make.name}
          </Button>
        }
      >
        {about}
      </SectionHead>
      {items.length === 0 ? (
        <EmptyState
          title={nothing.title}
          action={
            <Button look="primary" onPress={make.run}>
              {nothing.action}
            </Button>
          }
        >
          <p>{nothing.text}</p>
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line border-line border-b">
          {items.map((item) => (
            <li key={item.id}>{renderRow(item)}</li>
          ))}
        </ul>
      )}
      {children}
    </section>
  )
}
