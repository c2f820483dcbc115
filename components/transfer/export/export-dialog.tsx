'use client'

import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { counted } from '#components/ui/format.ts'
import { saveBlob } from '#components/ui/save-text.ts'
import { showToast } from '#components/ui/toast.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import { open } from '#lib/rest/client.ts'

export interface ExportDialogProps {
  /** These alone; left out: all, or those of a category. */
  names?: readonly string[] | undefined
  /** What the list is narrowed to. */
  category?: string | null
  label?: string | null
  onClose: () => void
}

const ALL = 'all'
const NEWEST = 'newest'

/** What of the prompts goes into the file: which ones, in which version, and whether the older ones go along. */
export function ExportDialog({ names, category = null, label = null, onClose }: ExportDialogProps) {
  const known = useQuery(categoriesQuery).data ?? []
  const stop = useRef<AbortController>(null)
  const form = useForm({
    values: { category: category ?? ALL, label: label ?? NEWEST, versions: 'current' as 'current' | 'all' },
    send: async (values) => {
      stop.current = new AbortController()
      const body = {
        versions: values.versions,
        ...(names !== undefined && { prompt: [...names] }),
        ...(names === undefined && values.category !== ALL && { category: values.category }),
        ...(values.label !== NEWEST && { label: values.label }),
      }
      await saveExport(body, stop.current.signal)
      onClose()
    },
  })
  const labels = [...new Set([PRODUCTION, ...(label === null ? [] : [label])])]
  const what = names === undefined ? 'prompts' : counted(names.length, 'prompt')
  return (
    <FormDialog
      title={`Export ${what}`}
      form={form}
      action={form.isSending ? 'Exporting …' : 'Export'}
      onClose={() => {
        stop.current?.abort()
        onClose()
      }}
    >
      <p className="text-ink-soft text-sm">
        A zip with a Markdown file for each prompt. Import takes it, here or on another instance, and it reads
        well in git.
      </p>
      {names === undefined && (
        <SelectField
          form={form}
          field="category"
          label="Which prompts"
          choices={[
            { id: ALL, label: 'All prompts' },
            ...known.map(({ slug, name }) => ({ id: slug, label: name })),
            { id: 'none', label: 'Those without a category' },
          ]}
        />
      )}
      <SelectField
        form={form}
        field="label"
        label="In which version"
        choices={[
          { id: NEWEST, label: 'The newest of each' },
          ...labels.map((each) => ({ id: each, label: `The one with the label ${each}` })),
        ]}
      />
      <SelectField
        form={form}
        field="versions"
        label="Older versions"
        choices={[
          { id: 'current', label: 'Leave them out' },
          { id: 'all', label: 'Take them along, in a folder beside each' },
        ]}
      />
    </FormDialog>
  )
}

interface Wanted {
  prompt?: string[]
  category?: string
  label?: string
  versions: 'current' | 'all'
}

/** Asks for the file by POST: thousands of names are too long for an address. */
async function saveExport(body: Wanted, signal: AbortSignal): Promise<void> {
  try {
    const answer = await open('POST /api/export', { body, signal })
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
    saveBlob(await answer.blob(), name ?? 'prompts.zip')
    showToast({ message: 'The prompts are exported.', detail: name })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
