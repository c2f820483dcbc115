import Link from 'next/link'
import type { ReactNode } from 'react'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import type { Prompt } from '#lib/prompts/schema.ts'
import { SourceText } from '../code/source-text.tsx'
import { Messages } from '../message-parts.tsx'
import { versionHref } from '../version-badges.tsx'
import { VersionPicker } from './version-picker.tsx'

/** The text of the shown version, before any value is filled in. */
export function PromptSource({ prompt, lacks }: { prompt: Prompt; lacks: string | undefined }) {
  const names = new Set(prompt.variables.map(({ name }) => name))
  const { template_content: text, messages } = prompt
  const isLiteral = prompt.format === 'text'
  return (
    <section aria-labelledby="source-heading">
      <div className="mb-3 flex h-8 items-center justify-between gap-3">
        <h2 id="source-heading" className="font-serif text-xl">
          {messages ? 'Messages' : 'Text'}
        </h2>
        <div className="flex items-center gap-1">
          <VersionPicker prompt={prompt} lacks={lacks} />
          <CopyButton name="Copy the source" text={text ?? JSON.stringify(messages, null, 2)} />
        </div>
      </div>
      {lacks !== undefined && (
        <Notice>
          No version is labelled <strong className="font-medium">{lacks}</strong>. This is the newest one.
        </Notice>
      )}
      {lacks === undefined && prompt.version < prompt.latest_version && (
        <Notice>
          <Link href={versionHref(prompt.name, { label: 'latest' })} className="text-lapis underline">
            Version {prompt.latest_version}
          </Link>{' '}
          is newer.
        </Notice>
      )}
      <div className="rounded-xl border border-line bg-surface px-4 py-5 sm:px-6">
        {prompt.redacted_at ? (
          <p className="text-ink-soft">The text of this version was erased.</p>
        ) : messages ? (
          <Messages
            messages={messages}
            renderText={(part) => <SourceText text={part} variables={names} isLiteral={isLiteral} />}
          />
        ) : (
          <SourceText text={text ?? ''} variables={names} isLiteral={isLiteral} />
        )}
      </div>
    </section>
  )
}

function Notice({ children }: { children: ReactNode }) {
  return <p className="mb-3 rounded-md bg-lapis-wash px-3 py-2 text-sm">{children}</p>
}
