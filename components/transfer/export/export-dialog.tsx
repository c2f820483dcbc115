'use client'

import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { type Form, useForm } from '#components/forms/use-form.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { saveBlob } from '#components/ui/copying/save-text.ts'
import { counted } from '#components/ui/format.ts'
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
    </FormDialog>
  )
}

interface Values {
  category: string
  label: string
  versions: 'current' | 'all'
}

/** The form, and a way to stop what it sends. */
function useExport({ names, category = null, label = null, onClose }: ExportDialogProps) {
  const sending = useRef<AbortController>(null)
  const form = useForm<Values>({
    values: { category: category ?? ALL, label: label ?? NEWEST, versions: 'current' },
    send: async (values) => {
      sending.current = new AbortController()
      const wanted = {
        versions: values.versions,
        ...(names !== undefined && { prompt: [...names] }),
        ...(names === undefined && values.category !== ALL && { category: values.category }),
        ...(values.label !== NEWEST && { label: values.label }),
      }
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

interface Wanted {
  prompt?: string[]
  category?: string
  label?: string
  versions: 'current' | 'all'
}

/** Asks for the file by POST: thousands of names are too long for an address. @returns false: it was stopped */
async function saveExport(body: Wanted, signal: AbortSignal): Promise<boolean> {
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
