'use client'

import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { listHref } from '../filters.ts'
import { usePatchPrompt } from '../use-patch-prompt.ts'

/** Stands in place of an archived prompt, which is neither served nor shown until it is restored. */
export function ArchivedPrompt({ prompt: saved }: { prompt: PromptSummary }) {
  const { prompt, patch, isSaving } = usePatchPrompt(saved)
  const { name, title, description } = prompt
  return (
    <div className="flex flex-col items-start gap-5 py-24">
      <h1 className="rubricated max-w-4xl break-words font-serif text-5xl tracking-tight">{title || name}</h1>
      {description && <p className="max-w-prose text-ink-soft">{description}</p>}
      <p className="max-w-prose text-ink-soft">
        This prompt is archived. It keeps its name <code className="font-mono text-sm">{name}</code> and all
        of its versions; agents get them again once it is restored.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          isDisabled={isSaving}
          onPress={() =>
            void patch({ archived: false }, { done: `Restored “${name}”`, undo: { archived: true } })
          }
        >
          Restore
        </Button>
        <Link href={listHref({ archived: 'true' })} className={buttonClass('outline')}>
          To the archive
        </Link>
      </div>
    </div>
  )
}
