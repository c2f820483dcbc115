'use client'

import { Segments } from '#components/ui/segments.tsx'
import { useAnswerView } from './answer-view.ts'

const VIEWS = [
  { id: 'plain', label: 'Plain' },
  { id: 'formatted', label: 'Formatted' },
]

/** Shows answers as they are or as Markdown; remembered for all of them. */
export function AnswerViewChoice() {
  const [view, setView] = useAnswerView()
  return (
    <Segments
      name="Show answers"
      segments={VIEWS}
      value={view}
      onChange={(id) => setView(id === 'formatted' ? 'formatted' : 'plain')}
    />
  )
}
