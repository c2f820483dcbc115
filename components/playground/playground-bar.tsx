'use client'

import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { PromptChooser } from '#components/prompts/prompt-chooser.tsx'
import { useFollowedLabels } from '#components/prompts/use-followed-labels.ts'
import { versionHref } from '#components/prompts/version-href.ts'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { type Choice, Select } from '#components/ui/overlays/select.tsx'
import type { Prompt, VersionPage } from '#lib/prompts/schema.ts'
import { cutText } from '#lib/text.ts'
import { playgroundParsers } from './playground-state.ts'

const NEWEST = 'newest'

interface Chosen {
  prompt: Prompt
  /** The label or number that chose the version; neither: the newest. */
  chosen: { label?: string; version?: number }
  versions: VersionPage
}

/** Whether nothing was chosen but the newest version. */
export const isNewestOf = ({ label, version }: Chosen['chosen']) =>
  label === undefined && version === undefined

/** Which prompt and which version of it is run, and the way back to its editor. */
export function PlaygroundBar({
  prompt,
  chosen,
  versions,
  isEdited,
}: {
  isEdited: boolean
} & Chosen) {
  const [isPending, startTransition] = useTransition()
  // Another prompt or version is another text, which the server reads.
  const [, setState] = useQueryStates(playgroundParsers, { shallow: false, startTransition, history: 'push' })
  const { name, title } = prompt
  const isNewest = isNewestOf(chosen)
  const editor = isNewest
    ? `/prompts/${name}`
    : versionHref(name, chosen.label === undefined ? { version: prompt.version } : { label: chosen.label })
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
      <VersionSelect
        prompt={prompt}
        chosen={chosen}
        versions={versions}
        onChoose={(version) => void setState(version)}
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

function VersionSelect({
  prompt,
  chosen,
  versions,
  onChoose,
}: Chosen & { onChoose: (version: { version: number | null; label: string | null }) => void }) {
  const { labels } = useFollowedLabels(prompt.name, prompt.labels)
  const choices: Choice[] = [
    { id: NEWEST, label: `newest · v${prompt.latest_version}` },
    ...labels.map(({ label, version }) => ({ id: `=${label}`, label: `${label} · v${version}` })),
    ...versions.items.map(({ version, message }) => ({
      id: String(version),
      label: `v${version}`,
      ...(message === '' ? {} : { hint: cutText(message, 60) }),
    })),
  ]
  const value = isNewestOf(chosen)
    ? NEWEST
    : chosen.label === undefined
      ? String(prompt.version)
      : `=${chosen.label}`
  return (
    <Select
      aria-label="Version"
      className="min-w-0 flex-1 sm:w-44 sm:flex-none"
      choices={
        choices.some(({ id }) => id === value) ? choices : [...choices, { id: value, label: `v${value}` }]
      }
      value={value}
      onChange={(id) =>
        onChoose({
          version: /^\d+$/.test(id) ? Number(id) : null,
          label: id.startsWith('=') ? id.slice(1) : null,
        })
      }
    />
  )
}
