'use client'

import dynamic from 'next/dynamic'
import { lastingPart } from '#components/ui/part.ts'
import { useAnswerView } from './answer-view.ts'
import { StreamedText } from './streamed-text.tsx'

const FormattedText = dynamic(lastingPart(async () => (await import('./formatted-text.tsx')).FormattedText))

/** Beyond so many characters reading a text as Markdown would hold the page up. */
const FORMATTED_LENGTH = 100_000

/** The text of an answer in the chosen view. While it grows it is shown as it is. */
export function AnswerText({ text, isOpen }: { text: string; isOpen: boolean }) {
  const [view] = useAnswerView()
  if (view === 'plain' || isOpen || text.length > FORMATTED_LENGTH)
    return <StreamedText text={text} isOpen={isOpen} />
  return <FormattedText text={text} />
}
