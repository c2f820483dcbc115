'use client'

import { ArrowDown, ArrowUp, GripVertical, Trash2 } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import type { ContentPart, Message } from '#lib/prompts/content/content.ts'
import { Part } from '../message-parts.tsx'
import { AddPart, PictureTarget } from './add-part.tsx'
import type { DraftMessage, FieldPath } from './draft.ts'
import type { DraftChange } from './draft-change.ts'
import { PlaceholderFields } from './placeholder-fields.tsx'

const ROLES: readonly { id: Message['role']; label: string }[] = [
  { id: 'system', label: 'System' },
  { id: 'user', label: 'User' },
  { id: 'assistant', label: 'Assistant' },
]

export interface MessageItemProps {
  message: DraftMessage
  index: number
  count: number
  /** Which message is being dragged, if one is. */
  dragged: string | undefined
  onDrag: (id: string | undefined) => void
  onDrop: (at: number) => void
  onMove: (to: number) => void
  onRemove: () => void
  onChange: (change: DraftChange) => void
  /** Braces mean nothing in it. */
  isLiteral: boolean
  /** The editor for one text of the content. */
  fieldOf: (path: FieldPath, text: string, label: string) => ReactNode
}

/** One message: who says it, where it stands, and its text. */
export function MessageItem(props: MessageItemProps) {
  const { message, index, dragged, onDrop, onMove, fieldOf, onChange } = props
  const path = ['messages', index, 'content']
  const name = `Message ${index + 1}`
  const onKeyDown = (event: KeyboardEvent) => {
    // Inside a text the same keys move a line.
    const isText = event.target instanceof Element && event.target.closest('.cm-editor, input') !== null
    if (!event.altKey || isText || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    event.stopPropagation()
    onMove(event.key === 'ArrowUp' ? index - 1 : index + 1)
  }
  return (
    <li data-message={message.id} aria-label={name}>
      <div
        role="presentation"
        onKeyDownCapture={onKeyDown}
        onDragOverCapture={(event) => {
          if (dragged !== undefined) event.preventDefault()
        }}
        onDropCapture={(event) => {
          if (dragged === undefined) return
          event.preventDefault()
          // The text that it is dropped on would take it for text.
          event.stopPropagation()
          onDrop(index)
        }}
        className={classNames('group', dragged === message.id && 'opacity-50')}
      >
        <Head {...props} name={name} />
        {message.placeholder !== undefined ? (
          <PlaceholderFields id={message.id} placeholder={message.placeholder} onChange={onChange} />
        ) : (
          <PictureTarget onAdd={(parts) => onChange({ type: 'parts-add', id: message.id, parts })}>
            {typeof message.content === 'string'
              ? fieldOf(path, message.content, `${name}, ${message.role}`)
              : message.content.map((part, at) => (
                  // A part has no other identity than its place.
                  <PartItem
                    key={at}
                    {...props}
                    part={part}
                    at={at}
                    field={(member, text, suffix = '') =>
                      fieldOf(
                        [...path, at, member],
                        text,
                        `${name}, ${message.role}, part ${at + 1}${suffix}`,
                      )
                    }
                  />
                ))}
          </PictureTarget>
        )}
      </div>
    </li>
  )
}

/** A part of a message: a text to write, the address of a link, or what was attached. */
function PartItem({
  message,
  index,
  onChange,
  part,
  at,
  field,
}: MessageItemProps & {
  part: ContentPart
  at: number
  field: (member: string, text: string, suffix?: string) => ReactNode
}) {
  return (
    <div className="mb-2 flex items-start gap-2">
      <div className="min-w-0 flex-1">
        {part.type === 'text' ? (
          field('text', part.text)
        ) : (
          <Part
            part={part}
            renderText={(text) =>
              part.type === 'resource_link' ? (
                <div className="mt-2">{field('uri', text, ', address')}</div>
              ) : (
                <code className="break-all text-xs">{text}</code>
              )
            }
          />
        )}
      </div>
      <Button
        look="quiet"
        square
        aria-label={`Remove part ${at + 1} of message ${index + 1}`}
        onPress={() => onChange({ type: 'part-remove', id: message.id, part: at })}
      >
        <Trash2 aria-hidden="true" />
      </Button>
    </div>
  )
}

function Head({
  message,
  index,
  count,
  onDrag,
  onMove,
  onRemove,
  onChange,
  isLiteral,
  name,
}: MessageItemProps & { name: string }) {
  return (
    <div className="mb-1.5 flex items-center gap-1">
      <button
        type="button"
        draggable
        data-move="handle"
        aria-label={`${name}: drag, or move it with Alt and the arrow keys`}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move'
          event.dataTransfer.setData('application/x-incipit-message', message.id)
          onDrag(message.id)
        }}
        onDragEnd={() => onDrag(undefined)}
        className="grid size-8 cursor-grab place-items-center rounded text-ink-faint hover:bg-hover hover:text-ink"
      >
        <GripVertical aria-hidden="true" className="size-4" />
      </button>
      {message.placeholder !== undefined ? (
        <span className="px-2 font-serif text-ink-soft italic">Placeholder</span>
      ) : (
        <Select
          aria-label={`Role of message ${index + 1}`}
          className="w-36 [&_button]:h-8"
          choices={ROLES}
          value={message.role}
          onChange={(role) =>
            onChange({ type: 'message-role', id: message.id, role: role as Message['role'] })
          }
        />
      )}
      <div className="ml-auto flex">
        {message.placeholder === undefined && (
          <AddPart
            name={`message ${index + 1}`}
            isLiteral={isLiteral}
            onAdd={(parts) => onChange({ type: 'parts-add', id: message.id, parts })}
          />
        )}
        <MoveButton to="up" name={name} isDisabled={index === 0} onPress={() => onMove(index - 1)} />
        <MoveButton
          to="down"
          name={name}
          isDisabled={index === count - 1}
          onPress={() => onMove(index + 1)}
        />
        <Button
          look="quiet"
          square
          aria-label={`Remove message ${index + 1}`}
          isDisabled={count === 1}
          onPress={onRemove}
        >
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
    </div>
  )
}

function MoveButton({
  to,
  name,
  isDisabled,
  onPress,
}: {
  to: 'up' | 'down'
  name: string
  isDisabled: boolean
  onPress: () => void
}) {
  return (
    <button
      type="button"
      data-move={to}
      aria-label={`Move ${name.toLowerCase()} ${to}`}
      disabled={isDisabled}
      onClick={onPress}
      className="grid size-8 place-items-center rounded-md text-ink-soft hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4"
    >
      {to === 'up' ? <ArrowUp aria-hidden="true" /> : <ArrowDown aria-hidden="true" />}
    </button>
  )
}
