'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { showToast } from '#components/ui/toast.ts'
import { LATEST } from '#lib/liquid/name-rules.ts'
import type { PatchPromptInput, Prompt, PromptSummary } from '#lib/prompts/schema.ts'
import { call, currentEtag, problemOf } from '#lib/rest/client.ts'
import { editLists, refreshLists } from './list-cache.ts'

/** What an edit shows of a prompt before the server has answered; summaries and whole prompts have it all. */
export type PatchablePrompt = Pick<Prompt, 'name' | 'category' | 'tags' | 'aliases' | 'archived' | 'etag'>

export interface PatchOptions {
  /** Said when it worked. */
  done: string
  /** What takes the edit back; offered with `done`. */
  undo?: PatchPromptInput
  /** Called with the answer: to follow a renamed prompt to its address, for example. */
  onSaved?: (prompt: Prompt) => void
  /** A form asks: what is wrong with its input is thrown, for it to tell. A toast tells every other failure. */
  isForm?: boolean
}

/** What was sent is at fault: the same again would be refused again. */
const OWN_FAULTS: ReadonlySet<number | undefined> = new Set([400, 409, 413, 422])

/**
 * Renames, tags, moves or archives a prompt: the edit shows at once, in `prompt` and in every list. When the
 * server refuses, it goes back to what it was, and the form, where its input is at fault, or a toast says why.
 */
export function usePatchPrompt<P extends PatchablePrompt>(saved: P) {
  const queries = useQueryClient()
  const router = useRouter()
  const [edit, setEdit] = useState<{ base: string; patch: Partial<PatchablePrompt> }>()
  const [isSaving, setSaving] = useState(false)

  // What the server has sent since then is newer than the edit.
  const prompt: P = edit?.base === saved.etag ? { ...saved, ...edit.patch } : saved

  const patch = useCallback(
    async (change: PatchPromptInput, options: PatchOptions): Promise<void> => {
      const from = edit?.base === saved.etag ? { ...saved, ...edit.patch } : saved
      const attempt = async (etag: string, isAgain = false): Promise<void> => {
        const shown = shownFields(change)
        setEdit({ base: saved.etag, patch: { ...edit?.patch, ...shown } })
        setSaving(true)
        const revert = await editLists(queries, new Set([from.name]), (each) => editSummary(each, shown))
        try {
          const answer = await send({ ...from, etag }, change)
          setEdit({ base: saved.etag, patch: fieldsOf(answer) })
          showToast({ message: options.done, ...undoOf(answer, options) })
          options.onSaved?.(answer)
          // A form that waits for the answer does not wait for the lists.
          void showSaved()
        } catch (error) {
          revert()
          setEdit(edit)
          setSaving(false)
          // By a retry the form is gone.
          if (options.isForm && !isAgain && OWN_FAULTS.has(problemOf(error)?.status)) throw error
          const retry = () => void attempt(currentEtag(error) ?? etag, true)
          failed(from.name, error, retry)
        }
      }
      const showSaved = async () => {
        await refreshLists(queries)
        setSaving(false)
        router.refresh()
      }
      const undoOf = (answer: Prompt, { undo, ...rest }: PatchOptions) =>
        undo && {
          action: {
            label: 'Undo',
            run: () => void takeBack(answer, undo, rest),
          },
        }
      const takeBack = async (answer: Prompt, undo: PatchPromptInput, rest: PatchOptions) => {
        try {
          const restored = await send(answer, undo)
          setEdit({ base: saved.etag, patch: fieldsOf(restored) })
          rest.onSaved?.(restored)
          await refreshLists(queries)
          router.refresh()
        } catch (error) {
          failed(
            answer.name,
            error,
            () => void takeBack({ ...answer, etag: currentEtag(error) ?? answer.etag }, undo, rest),
          )
        }
      }
      await attempt(from.etag)
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

function failed(name: string, error: unknown, retry: () => void): void {
  showToast({
    tone: 'failure',
    message: `“${name}” was not changed.`,
    detail: error instanceof Error ? error.message : undefined,
    action: { label: 'Retry', run: retry },
  })
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
