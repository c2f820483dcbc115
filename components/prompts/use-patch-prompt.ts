'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { showFailure, showToast } from '#components/ui/toast.ts'
import { LATEST } from '#lib/liquid/name-rules.ts'
import type { PatchPromptInput, Prompt, PromptSummary } from '#lib/prompts/schema.ts'
import { call, currentEtag, problemOf } from '#lib/rest/client.ts'
import { editLists, refreshLists } from './list-cache.ts'

/** The fields that an edit shows before the server has answered; summaries and whole prompts have them all. */
export type PatchablePrompt = Pick<Prompt, 'name' | 'category' | 'tags' | 'aliases' | 'archived' | 'etag'>

export interface PatchOptions {
  /** Said when it worked. */
  done: string
  /** The patch that undoes the edit; offered with `done`. */
  undo?: PatchPromptInput
  /** Called with the answer: to follow a renamed prompt to its address, for example. */
  onSaved?: (prompt: Prompt) => void
  /** A form asks: faults of its input are thrown, for it to show. A toast tells every other failure. */
  isForm?: boolean
}

/** Statuses that blame the input: the same request would be refused again. */
const OWN_FAULTS: ReadonlySet<number | undefined> = new Set([400, 409, 413, 422])

type Fields = Partial<PatchablePrompt>

/** The edit of one page, as a request changes it. */
interface Edit {
  queries: QueryClient
  /** The prompt at the time of the request. */
  from: PatchablePrompt
  /** The fields that were edited before this request. */
  before: Fields | undefined
  show: (fields: Fields) => void
  revert: () => void
  setSaving: (isSaving: boolean) => void
  refreshPage: () => void
}

/**
 * Renames, tags, moves or archives a prompt: the edit shows at once, in `prompt` and in every list. When the
 * server refuses, it goes back to what it was, and the form, where its input is at fault, or a toast says why.
 */
export function usePatchPrompt<P extends PatchablePrompt>(saved: P) {
  const queries = useQueryClient()
  const router = useRouter()
  const [edit, setEdit] = useState<{ base: string; patch: Fields }>()
  const [isSaving, setSaving] = useState(false)

  // A prompt that the server has sent since then is newer than the edit.
  const prompt: P = edit?.base === saved.etag ? { ...saved, ...edit.patch } : saved

  const patch = useCallback(
    (change: PatchPromptInput, options: PatchOptions): Promise<void> => {
      const from = edit?.base === saved.etag ? { ...saved, ...edit.patch } : saved
      const shown: Edit = {
        queries,
        from,
        before: edit?.patch,
        show: (fields) => setEdit({ base: saved.etag, patch: fields }),
        revert: () => setEdit(edit),
        setSaving,
        refreshPage: () => router.refresh(),
      }
      return apply(shown, from.etag, change, options)
    },
    [edit, saved, queries, router],
  )
  return { prompt, patch, isSaving }
}

/**
 * Sends a change. An ETag that is stale because of something that is not patched, such as a new version, is no
 * conflict: then the change is sent again with the current one.
 */
async function send(from: PatchablePrompt, body: PatchPromptInput): Promise<Prompt> {
  const params = { name: from.name }
  const attempt = (ifMatch: string) => call('PATCH /api/prompts/{name}', { params, ifMatch, body })
  try {
    return await attempt(from.etag)
  } catch (error) {
    if (currentEtag(error) === undefined) throw error
    const newest = { params, query: { label: LATEST } }
    const now = await call('GET /api/prompts/{name}', newest).catch(() => undefined)
    const told = (prompt: PatchablePrompt) => JSON.stringify({ ...fieldsOf(prompt), etag: undefined })
    if (now === undefined || told(now) !== told(from)) throw error
    return attempt(now.etag)
  }
}

/** @throws ProblemError when a form's input is at fault, unless this is a retry: by then the form is gone */
async function apply(
  edit: Edit,
  etag: string,
  change: PatchPromptInput,
  options: PatchOptions,
  isRetry = false,
): Promise<void> {
  const { queries, from } = edit
  const { name } = from
  const shown = shownFields(change)
  edit.show({ ...edit.before, ...shown })
  edit.setSaving(true)
  const revert = await editLists(queries, new Set([name]), (each) => editSummary(each, shown))
  try {
    const answer = await send({ ...edit.from, etag }, change)
    edit.show(fieldsOf(answer))
    const { undo, ...rest } = options
    const action = undo && { label: 'Undo', run: () => void takeBack(edit, answer, undo, rest) }
    showToast({ message: options.done, ...(action && { action }) })
    options.onSaved?.(answer)
    // A form that waits for the answer does not wait for the lists.
    void refresh(edit)
  } catch (error) {
    revert()
    edit.revert()
    edit.setSaving(false)
    if (options.isForm && !isRetry && OWN_FAULTS.has(problemOf(error)?.status)) throw error
    failed(name, error, () => void apply(edit, currentEtag(error) ?? etag, change, options, true))
  }
}

async function refresh(edit: Edit): Promise<void> {
  await refreshLists(edit.queries)
  edit.setSaving(false)
  edit.refreshPage()
}

async function takeBack(
  edit: Edit,
  answer: Prompt,
  undo: PatchPromptInput,
  { onSaved }: Pick<PatchOptions, 'onSaved'>,
): Promise<void> {
  try {
    const restored = await send(answer, undo)
    edit.show(fieldsOf(restored))
    onSaved?.(restored)
    await refreshLists(edit.queries)
    edit.refreshPage()
  } catch (error) {
    const again = { ...answer, etag: currentEtag(error) ?? answer.etag }
    failed(answer.name, error, () => void takeBack(edit, again, undo, { onSaved }))
  }
}

function failed(name: string, error: unknown, retry: () => void): void {
  showFailure(`“${name}” was not changed.`, error, { retry })
}

function shownFields({
  name,
  category,
  tags,
  aliases,
  archived,
}: PatchPromptInput): Partial<PatchablePrompt> {
  return {
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
    ...(tags !== undefined && { tags: [...new Set(tags)].sort() }),
    ...(aliases !== undefined && { aliases }),
    ...(archived !== undefined && { archived }),
  }
}

function editSummary(prompt: PromptSummary, fields: Partial<PatchablePrompt>): PromptSummary {
  return { ...prompt, ...fields }
}

function fieldsOf({ name, category, tags, aliases, archived, etag }: PatchablePrompt): PatchablePrompt {
  return { name, category, tags, aliases, archived, etag }
}
