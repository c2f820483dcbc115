'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { formatNumber } from '#components/ui/format.ts'
import { cutText } from '#lib/text.ts'
import { Messages } from '../message-parts.tsx'
import type { Rendered } from './template-engine.ts'

/** Characters of one text that are shown at once: laying out more could be felt while typing. */
const SHOWN = 20_000

/** A rendered prompt as it would be sent: its text, or its messages by role. */
export function PreviewText({
  rendered: { content, messages },
  isChat,
  wraps,
}: {
  rendered: Rendered
  isChat: boolean
  wraps: boolean
}) {
  const renderText = (text: string) => <LongText text={text} wraps={wraps} />
  return isChat ? <Messages messages={messages} renderText={renderText} /> : renderText(content)
}

function LongText({ text, wraps }: { text: string; wraps: boolean }) {
  const [isWhole, setWhole] = useState(false)
  const isCut = text.length > SHOWN && !isWhole
  return (
    <>
      <pre
        data-rendered=""
        className={classNames(
          'font-mono text-sm leading-[1.7]',
          wraps ? 'whitespace-pre-wrap break-words' : 'w-max min-w-full whitespace-pre',
        )}
      >
        {isCut ? cutText(text, SHOWN) : text}
      </pre>
      {isCut && (
        <div className="mt-3 flex flex-wrap items-center gap-3 text-ink-soft text-sm">
          <span>The first {formatNumber(SHOWN)} characters</span>
          <Button onPress={() => setWhole(true)}>Show all {formatNumber(text.length)}</Button>
        </div>
      )}
    </>
  )
}
