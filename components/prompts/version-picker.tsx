'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { type Choice, Select } from '#components/ui/overlays/select.tsx'
import type { Prompt } from '#lib/prompts/schema.ts'
import { versionHref } from './version-href.ts'

/** Which version is shown; labels and the newest can be chosen here, any other in the list of versions. */
export function VersionPicker({ prompt, lacks }: { prompt: Prompt; lacks: string | undefined }) {
  const router = useRouter()
  const [isPending, start] = useTransition()
  const { name, version, label, labels, latest_version: latest } = prompt
  const byLabel = lacks === undefined && label !== null
  const choices: Choice[] = [
    ...labels.map((state) => ({ id: state.label, label: `${state.label} · v${state.version}` })),
    { id: 'latest', label: `latest · v${latest}` },
    ...(byLabel ? [] : [{ id: String(version), label: `v${version}` }]),
  ]
  return (
    <Select
      aria-label="Version"
      className={classNames('min-w-36 [&_button]:h-8', isPending && 'opacity-60')}
      choices={choices}
      value={byLabel ? label : String(version)}
      onChange={(id) => {
        const chosen = /^\d+$/.test(id) ? { version: Number(id) } : { label: id }
        start(() => router.push(versionHref(name, chosen), { scroll: false }))
      }}
    />
  )
}
