'use client'

import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { PromptChooser } from '#components/prompts/prompt-chooser.tsx'
import { useFollowedLabels } from '#components/prompts/use-followed-labels.ts'
import { versionHref } from '#components/prompts/version-badges.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { type Choice, Select } from '#components/ui/select.tsx'
import type { Prompt, VersionPage } from '#lib/prompts/schema.ts'
import { cutText } from '#lib/text.ts'
import { playgroundParsers } from './playground-state.ts'

const NEWEST = 'newest'

/** Which prompt and which version of it is run, and the way back to its editor. */
export function PlaygroundBar({
  prompt,
  chosen,
  versions,
  isEdited,
}: {
  prompt: Prompt
  chosen: { label?: string; version?: number }
  versions: VersionPage
  isEdited: boolean
}) {
  const [isPending, startTransition] = useTransition()
  // Another prompt or version is another text, which the server reads.
  const [, setState] = useQueryStates(playgroundParsers, { shallow: false, startTransition, history: 'push' })
  const { name, title, latest_version: latest } = prompt
  const { labels } = useFollowedLabels(name, prompt.labels)
  const isNewest = chosen.label === undefined && chosen.version === undefined
  const editor = isNewest
    ? `/prompts/${name}`
    : versionHref(name, chosen.label === undefined ? { version: prompt.version } : { label: chosen.label })
  const choices: Choice[] = [
    { id: NEWEST, label: `newest · v${latest}` },
    ...labels.map(({ label, version }) => ({ id: `=${label}`, label: `${label} · v${version}` })),
    ...versions.items.map(({ version, message }) => ({
      id: String(version),
      label: `v${version}`,
      ...(message === '' ? {} : { hint: cutText(message, 60) }),
    })),
  ]
  const value = isNewest ? NEWEST : chosen.label === undefined ? String(prompt.version) : `=${chosen.label}`
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-2 gap-y-3 pt-5">
      <h1 className="rubricated mr-6 basis-full font-serif text-3xl leading-none tracking-tight lg:basis-auto">
        Playground
      </h1>
      <PromptChooser
        label="Prompt"
        value={name}
        onChoose={(next) => void setState({ prompt: next, version: null, label: null })}
        className="w-full sm:w-72"
      />
      <Select
        aria-label="Version"
        className="min-w-0 flex-1 sm:w-44 sm:flex-none"
        choices={
          choices.some(({ id }) => id === value) ? choices : [...choices, { id: value, label: `v${value}` }]
        }
        value={value}
        onChange={(id) =>
          void setState({
            version: /^\d+$/.test(id) ? Number(id) : null,
            label: id.startsWith('=') ? id.slice(1) : null,
          })
        }
      />
      <Link href={editor} className={classNames(buttonClass('outline'), 'h-9')}>
        {isNewest ? 'To the editor' : 'To the prompt'}
      </Link>
      <p className="min-w-0 basis-full truncate text-ink-soft text-sm lg:basis-auto lg:pl-2">
        {title || name}
        {isPending ? ' …' : isEdited && <span className="text-ink-faint"> · edited, runs as it stands</span>}
      </p>
    </div>
  )
}
