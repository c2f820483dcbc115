'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { lastingPart } from '#components/ui/part.ts'
import type { CategoryFacts } from '../categories-and-tags.tsx'
import type { PromptPageProps } from './prompt-page.tsx'
import { PromptSheet } from './prompt-sheet.tsx'
import { type LongPrompt, WhenRead } from './when-read.tsx'

// They load with the text: no page pays for the code of the others.
const Editor = dynamic(lastingPart(async () => (await import('../editor/editor.tsx')).Editor))
const NewPrompt = dynamic(lastingPart(async () => (await import('../editor/new-prompt.tsx')).NewPrompt))
const PromptPage = dynamic(lastingPart(async () => (await import('./prompt-page.tsx')).PromptPage))

/** The editor of a prompt that is too long to come with its page. */
export function LongEditor({ about, children }: { about: LongPrompt; children: ReactNode }) {
  return (
    <WhenRead about={about}>
      {({ prompt, includes }) => (
        <>
          <div className="print:hidden">
            <Editor prompt={prompt} includes={includes}>
              {children}
            </Editor>
          </div>
          <PromptSheet prompt={prompt} />
        </>
      )}
    </WhenRead>
  )
}

/** A version that is too long to come with its page. */
export function LongVersion({
  about,
  ...page
}: { about: LongPrompt } & Omit<PromptPageProps, 'prompt' | 'source'>) {
  return (
    <WhenRead about={about}>
      {({ prompt, includes }) => {
        const { content, variables } = fieldsOf(prompt)
        return (
          <>
            <div className="print:hidden">
              <PromptPage {...page} prompt={prompt} source={{ content, variables, includes }} />
            </div>
            <PromptSheet prompt={prompt} />
          </>
        )
      }}
    </WhenRead>
  )
}

/** A copy of a prompt that is too long to come with the page. */
export function LongCopy({ about, categories }: { about: LongPrompt; categories: readonly CategoryFacts[] }) {
  return (
    <WhenRead about={about}>
      {({ prompt }) => <NewPrompt categories={categories} from={{ ...prompt, fields: fieldsOf(prompt) }} />}
    </WhenRead>
  )
}
