'use client'

import { useDeferredValue, useMemo } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { counted, formatNumber } from '#components/ui/format.ts'
import { usePopup } from '#components/ui/overlays/use-popup.ts'
import { part } from '#components/ui/part.ts'
import { estimateMessages } from '#lib/ai/token-estimate.ts'
import type { ContentPart, Message } from '#lib/prompts/content/content.ts'
import { countWords } from './count-words.ts'
import type { Rendered } from './template-engine.ts'

const loadPanel = part(() => import('#components/ui/overlays/popover-dialog.tsx'))

/** Counted up to here; a longer text is taken to go on as it began. */
const COUNTED = 60_000

/** Tokens (an estimate, which explains itself), characters and words of a result. */
export function TextFacts({ rendered, isChat }: { rendered: Rendered; isChat: boolean }) {
  const { messages } = useDeferredValue(rendered)
  const facts = useMemo(() => factsOf(messages), [messages])
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <AriaButton
        {...button}
        className="min-h-6 rounded underline decoration-dotted underline-offset-4 hover:text-ink"
      >
        about {counted(facts.tokens, 'token')}
      </AriaButton>
      {panel && (
        <panel.PopoverDialog
          popup={popup}
          placement="top start"
          label="About this number"
          className="max-w-sm p-3 text-ink-soft text-sm"
        >
          {isChat && <PerMessage messages={messages} tokens={facts.each} />}
          <p>
            An estimate. Every model cuts text in its own way; common ones differ from this by up to a
            quarter, more for scripts other than Latin.{' '}
            {isChat && 'Each message adds about four for its frame. '}
            Images and sounds are not counted.
          </p>
        </panel.PopoverDialog>
      )}
      <span>{counted(facts.characters, 'character')}</span>
      <span>{counted(facts.words, 'word')}</span>
    </span>
  )
}

function PerMessage({ messages, tokens }: { messages: readonly Message[]; tokens: readonly number[] }) {
  return (
    <ol className="mb-3 max-h-48 overflow-y-auto tabular-nums">
      {messages.map(({ role }, index) => (
        // A message has no other identity than its place.
        <li key={index} className="flex justify-between gap-6">
          <span>
            {index + 1}. {role}
          </span>
          <span>about {formatNumber(tokens[index] ?? 0)}</span>
        </li>
      ))}
    </ol>
  )
}

function factsOf(messages: readonly Message[]) {
  const texts = messages.map(textOf)
  const { each, total } = estimateMessages(texts.map((text) => text.slice(0, COUNTED)))
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const counted = texts.reduce((sum, text) => sum + Math.min(text.length, COUNTED), 0)
  const share = counted === 0 ? 1 : characters / counted
  const words = texts.reduce((sum, text) => sum + countWords(text.slice(0, COUNTED)), 0)
  return {
    each: each.map((tokens) => Math.round(tokens * share)),
    tokens: Math.round(total * share),
    characters,
    words: Math.round(words * share),
  }
}

function textOf({ content }: Message): string {
  return typeof content === 'string' ? content : content.map(partText).join('\n')
}

function partText(part: ContentPart): string {
  if (part.type === 'text') return part.text
  if (part.type === 'resource') return part.resource.text ?? part.resource.uri
  return part.type === 'resource_link' ? part.uri : ''
}
