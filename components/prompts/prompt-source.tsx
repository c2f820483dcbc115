import { CopyButton } from '#components/ui/copy-button.tsx'
import type { Prompt } from '#lib/prompts/schema.ts'
import { Messages } from './message-parts.tsx'
import { SourceText } from './source-text.tsx'

/** What the shown version says, before anything is filled in. */
export function PromptSource({ prompt }: { prompt: Prompt }) {
  const names = new Set(prompt.variables.map(({ name }) => name))
  const { template_content: text, messages } = prompt
  return (
    <section aria-labelledby="source-heading">
      <div className="mb-3 flex h-8 items-center justify-between gap-3">
        <h2 id="source-heading" className="font-serif text-xl">
          {messages ? 'Messages' : 'Text'}
        </h2>
        <CopyButton name="Copy the source" text={text ?? JSON.stringify(messages, null, 2)} />
      </div>
      <div className="rounded-xl border border-line bg-surface px-4 py-5 sm:px-6">
        {prompt.redacted_at ? (
          <p className="text-ink-soft">The text of this version was erased.</p>
        ) : messages ? (
          <Messages messages={messages} renderText={(part) => <SourceText text={part} variables={names} />} />
        ) : (
          <SourceText text={text ?? ''} variables={names} />
        )}
      </div>
    </section>
  )
}
