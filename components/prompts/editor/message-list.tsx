'use client'

import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { DraftMessage } from '../draft/draft.ts'
import type { DraftChange } from '../draft/draft-change.ts'
import { MessageItem, type MessageItemProps } from './message-item.tsx'

type Props = Pick<MessageItemProps, 'fieldOf' | 'isLiteral'> & {
  messages: readonly DraftMessage[]
  onChange: (change: DraftChange) => void
}

/** The messages of a chat: added, taken away, and brought into order by keys, buttons and by dragging. */
export function MessageList({ messages, isLiteral, onChange, fieldOf }: Props) {
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<string>()
  const [said, say] = useState('')

  const move = (message: DraftMessage, to: number) => {
    if (to < 0 || to >= messages.length) return
    onChange({ type: 'message-move', id: message.id, to })
    say(`Message moved to place ${to + 1} of ${messages.length}`)
    keepFocusIn(list.current, message.id)
  }
  const remove = (message: DraftMessage, at: number) => {
    onChange({ type: 'message-remove', id: message.id })
    showToast({
      message: `Message ${at + 1} removed`,
      action: { label: 'Undo', run: () => onChange({ type: 'message-add', message, at }) },
    })
  }
  return (
    <div>
      <ol ref={list} className="flex flex-col gap-4">
        {messages.map((message, index) => (
          <MessageItem
            key={message.id}
            message={message}
            index={index}
            count={messages.length}
            dragged={dragged}
            onDrag={setDragged}
            onDrop={(at) => {
              const taken = messages.find(({ id }) => id === dragged)
              if (taken) move(taken, at)
              setDragged(undefined)
            }}
            onMove={(to) => move(message, to)}
            onRemove={() => remove(message, index)}
            onChange={onChange}
            isLiteral={isLiteral}
            fieldOf={fieldOf}
          />
        ))}
      </ol>
      <AddButtons messages={messages} onAdd={(message) => onChange({ type: 'message-add', message })} />
      <output className="sr-only">{said}</output>
    </div>
  )
}

/** Gives the focus back to a row's button: the row moves in the page, which takes the focus from it. */
function keepFocusIn(list: HTMLElement | null, id: string): void {
  const name = document.activeElement?.getAttribute('data-move')
  requestAnimationFrame(() => {
    const row = list?.querySelector(`[data-message="${CSS.escape(id)}"]`)
    const same = row?.querySelector<HTMLElement>(`[data-move="${name ?? 'handle'}"]:not([disabled])`)
    ;(same ?? row?.querySelector<HTMLElement>('[data-move="handle"]'))?.focus()
  })
}

function AddButtons({
  messages,
  onAdd,
}: {
  messages: readonly DraftMessage[]
  onAdd: (message: DraftMessage) => void
}) {
  const last = messages.at(-1)?.role
  const role = last === 'user' ? 'assistant' : 'user'
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <Button look="outline" onPress={() => onAdd({ id: crypto.randomUUID(), role, content: '' })}>
        <Plus aria-hidden="true" />
        Add a message
      </Button>
      <Button
        look="outline"
        onPress={() =>
          onAdd({
            id: crypto.randomUUID(),
            role: 'user',
            content: '',
            placeholder: { name: freeName(messages), required: true },
          })
        }
      >
        <Plus aria-hidden="true" />
        Add a placeholder
      </Button>
    </div>
  )
}

/** `history`, unless a placeholder has that name. */
function freeName(messages: readonly DraftMessage[]): string {
  const taken = new Set(messages.map(({ placeholder }) => placeholder?.name))
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'history' : `history_${number}`
    if (!taken.has(name)) return name
  }
}
