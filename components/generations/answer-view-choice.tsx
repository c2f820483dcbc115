'use client'

import { Segments } from '#components/ui/segments.tsx'
import { chooseAnswerView, useAnswerView } from './answer-view.ts'

const VIEWS = [
  { id: 'plain', label: 'Plain' },
  { id: 'formatted', label: 'Formatted' },
]

/**
 * Shows answers as they are or as Markdown; remembered for all of them.
 * @param text what has been answered to the end
 */
export function AnswerViewChoice({ text }: { text: string }) {
  const view = useAnswerView(text)
  return (
    <Segments
      name="Show answers"
      segments={VIEWS}
      value={view}
      onChange={(id) => chooseAnswerView(id === 'formatted' ? 'formatted' : 'plain')}
    />
  )
}
