'use client'

import dynamic from 'next/dynamic'
import { lastingPart } from '#components/ui/part.ts'
import { FORMATTED_LENGTH, useAnswerView } from './answer-view.ts'
import { StreamedText } from './streamed-text.tsx'

const FormattedText = dynamic(lastingPart(async () => (await import('./formatted-text.tsx')).FormattedText))

/** The text of an answer in the chosen view. While it grows it is shown as it is. */
export function AnswerText({ text, isOpen }: { text: string; isOpen: boolean }) {
  const view = useAnswerView(isOpen ? '' : text)
  if (view === 'plain' || isOpen || text.length > FORMATTED_LENGTH)
    return <StreamedText text={text} isOpen={isOpen} />
  return <FormattedText text={text} />
}
