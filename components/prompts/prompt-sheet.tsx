'use client'

import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { formatMoment } from '#components/ui/format.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { Messages } from './message-parts.tsx'

/** The saved version on paper: version, text, variables. The page's header says the rest. */
export function PromptSheet({ prompt }: { prompt: Prompt }) {
  if (!useIsPrinted()) return null
  const { version, labels, created_at, template_content: text, messages, variables } = prompt
  const carried = labels.filter((set) => set.version === version).map(({ label }) => label)
  return (
    <article aria-label="To print" className="hidden text-sm print:block">
      <p>
        Version {version}
        {carried.length > 0 && ` (${carried.join(', ')})`}, {formatMoment(created_at)}
      </p>
      {text !== null && text !== undefined && <Text>{text}</Text>}
      {messages && (
        <div className="mt-5">
          <Messages messages={messages} renderText={(part) => <Text>{part}</Text>} />
        </div>
      )}
      {variables.length > 0 && (
        <section>
          <h2 className="mt-6 mb-2 font-medium">Variables</h2>
          <dl className="flex flex-col gap-1.5">
            {variables.map(({ name, type, required, description }) => (
              <div key={name}>
                <dt className="inline font-mono text-xs">{name}</dt>
                <dd className="inline">
                  {' '}
                  {type}
                  {required ? ', required' : ''}
                  {description && `: ${description}`}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </article>
  )
}

function Text({ children }: { children: string }) {
  return <pre className="mt-3 border-line border-l-2 pl-4 font-mono text-xs leading-5">{children}</pre>
}

/** Whether the page is being put on paper. What is drawn for it alone is in the page no longer than that. */
function useIsPrinted(): boolean {
  const [isPrinted, setPrinted] = useState(false)
  useEffect(() => {
    const paper = window.matchMedia('print')
    // The browser takes its picture as soon as the event is over.
    const before = () => flushSync(() => setPrinted(true))
    const after = () => setPrinted(false)
    const changed = () => setPrinted(paper.matches)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    paper.addEventListener('change', changed)
    return () => {
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
      paper.removeEventListener('change', changed)
    }
  }, [])
  return isPrinted
}
