'use client'

import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { CheckList } from '#components/forms/check-list.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { type Form, useForm } from '#components/forms/use-form.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { saveBlob } from '#components/ui/copying/save-text.ts'
import { counted } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import { call, open } from '#lib/rest/client.ts'
import type { ExportCount, ExportQuery } from '#lib/transfer/schema.ts'

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
export function ExportDialog(props: ExportDialogProps) {
  const { names, label = null, onClose } = props
  const { form, stop } = useExport(props)
  const labels = [...new Set([PRODUCTION, ...(label === null ? [] : [label])])]
  const what = names === undefined ? 'prompts' : counted(names.length, 'prompt')
  const close = () => {
    stop()
    onClose()
  }
  return (
    <FormDialog
      title={`Export ${what}`}
      form={form}
      action={form.isSending ? 'Exporting …' : 'Export'}
      onClose={close}
    >
      <p className="text-ink-soft text-sm">
        A zip with a Markdown file for each prompt. Import takes it, here or on another instance, and it reads
        well in git.
      </p>
      {names === undefined && <CategoryField form={form} />}
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
      <IncludesField form={form} choice={choiceOf(form.values, names)} />
    </FormDialog>
  )
}

interface Values {
  category: string
  label: string
  versions: 'current' | 'all'
  includes: 'true' | 'false'
}

/** What of the prompts is asked for, as the server takes it. */
interface Wanted {
  prompt?: string[]
  category?: string
  label?: string
  versions: 'current' | 'all'
}

function choiceOf({ category, label, versions }: Values, names: ExportDialogProps['names']): Wanted {
  return {
    versions,
    ...(names !== undefined && { prompt: [...names] }),
    ...(names === undefined && category !== ALL && { category }),
    ...(label !== NEWEST && { label }),
  }
}

/** The form, and a way to stop what it sends. */
function useExport({ names, category = null, label = null, onClose }: ExportDialogProps) {
  const sending = useRef<AbortController>(null)
  const form = useForm<Values>({
    values: { category: category ?? ALL, label: label ?? NEWEST, versions: 'current', includes: 'true' },
    send: async (values) => {
      sending.current = new AbortController()
      const wanted = { ...choiceOf(values, names), includes: values.includes }
      if (await saveExport(wanted, sending.current.signal)) onClose()
    },
  })
  return { form, stop: () => sending.current?.abort() }
}

function CategoryField({ form }: { form: Form<Values> }) {
  const known = useQuery(categoriesQuery).data ?? []
  return (
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
  )
}

/** Whether prompts come along that the chosen ones include, and how many these are. */
function IncludesField({ form, choice }: { form: Form<Values>; choice: Wanted }) {
  const asked = useQuery({
    queryKey: ['export-count', choice],
    queryFn: ({ signal }) => call('POST /api/export/count', { body: choice, signal }),
    retry: false,
  })
  return (
    <CheckList
      id={`${form.id}-includes`}
      legend="Includes"
      error={form.faults.includes}
      items={[
        { id: 'true', label: 'Take along what they include', hint: <IncludedCount count={asked.data} /> },
      ]}
      ticked={[form.values.includes]}
      onChange={([ticked]) => form.set({ includes: ticked === undefined ? 'false' : 'true' })}
    />
  )
}

function IncludedCount({ count }: { count: ExportCount | undefined }) {
  const more = count?.included === 0 ? 'No more prompts' : counted(count?.included ?? 0, 'more prompt')
  return (
    <span aria-live="polite">
      {count !== undefined && `${more}. `}
      Without them an import elsewhere refuses what includes them.
    </span>
  )
}

/** Asks for the file by POST: thousands of names are too long for an address. @returns false: it was stopped */
async function saveExport(body: ExportQuery, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await open('POST /api/export', { body, signal })
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
    saveBlob(await answer.blob(), name ?? 'prompts.zip')
    showToast({ message: 'The prompts are exported.', detail: name })
    return true
  } catch (error) {
    if (!signal.aborted) throw error
    return false
  }
}
