'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { part } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { problemOf } from '#lib/rest/client.ts'
import type { Problem } from './check.ts'
import { type Draft, differs, draftOf, fieldsOfDraft, textAt } from './draft.ts'
import { baseOf } from './stored-draft.ts'
import type { DraftHandle } from './use-draft.ts'

const loadCheck = part(() => import('./check.ts'))

interface Attempt {
  draft: Draft
  labels: string[]
  /** Whoever saves has seen what the labels break, and wants it. */
  accepts: boolean
}

/** Sends the draft; made anew for a new prompt, and a version of one that exists. */
export type SendDraft = (attempt: Attempt, message: string, idempotencyKey: string) => Promise<Prompt>

interface Options {
  handle: DraftHandle
  sendDraft: SendDraft
  onSaved: (prompt: Prompt) => void
  onConflict?: () => void
  onGoTo: (problem: Problem) => void
}

/** The problems that the server named in a draft. */
interface Refused {
  draft: Draft
  problems: Problem[]
}

export type Saving = ReturnType<typeof useSave>

/** The way from a draft to a version: problems are named first, then a message is asked for, then it is saved. */
export function useSave(options: Options) {
  const { handle, onGoTo } = options
  const [isOpen, setOpen] = useState(false)
  const [message, setMessage] = useState('')
  const [refused, setRefused] = useState<Refused>()
  const mutation = useSaveMutation(options, message, {
    onSaved: () => {
      setOpen(false)
      setMessage('')
      setRefused(undefined)
    },
    onConflict: () => setOpen(false),
    onRefused: (found, error) => {
      setRefused(found)
      const placed = found.problems.find(({ path }) => textAt(found.draft, path) !== undefined)
      // An open dialog shows the failure itself.
      if (placed === undefined && isOpen) return
      setOpen(false)
      const detail = placed?.message ?? error.message
      showToast({ tone: 'failure', key: 'save', message: 'It was not saved.', detail })
      if (placed !== undefined) onGoTo(placed)
    },
  })
  const open = async () => {
    if (!handle.isDirty && handle.base !== undefined) {
      showToast({ key: 'save', message: `Nothing has changed since version ${handle.base.version}.` })
      return
    }
    if (!(await isRight(handle.draft, onGoTo))) return
    mutation.reset()
    setOpen(true)
  }
  return {
    isOpen,
    open,
    close: () => setOpen(false),
    message,
    setMessage,
    save: (labels: string[], accepts = false) => mutation.mutate({ draft: handle.draft, labels, accepts }),
    /** Saves without asking for a message, and without a label. */
    saveAtOnce: async () => {
      if (await isRight(handle.draft, onGoTo))
        mutation.mutate({ draft: handle.draft, labels: [], accepts: false })
    },
    isSaving: mutation.isPending,
    failure: mutation.error?.message,
    /** It was refused because a label keeps its contract. */
    wouldBreak: problemOf(mutation.error)?.errors?.some(({ code }) => code === 'would_break') === true,
    /** The problems that the server named, as long as their texts are the same. */
    refused: stillThere(refused, handle.draft),
  }
}

/** Sends a draft; the editor goes on from the version that it became. */
function useSaveMutation(
  { handle, sendDraft, ...options }: Options,
  message: string,
  on: { onSaved: () => void; onConflict: () => void; onRefused: (refused: Refused, error: Error) => void },
) {
  const queries = useQueryClient()
  // The idempotency key stays the same for the same body: a retry after a lost answer saves nothing twice.
  const sent = useRef<{ body: string; key: string } | undefined>(undefined)
  return useMutation({
    mutationFn: async ({ draft, labels, accepts }: Attempt) => {
      const { wholeDraft } = await loadCheck()
      const whole = wholeDraft(draft)
      const body = JSON.stringify([fieldsOfDraft(whole), message, labels, accepts, handle.base?.version])
      if (sent.current?.body !== body) sent.current = { body, key: crypto.randomUUID() }
      return sendDraft({ draft: whole, labels, accepts }, message.trim(), sent.current.key)
    },
    onSuccess: (prompt, { draft }) => {
      const base = baseOf(prompt)
      // The server may normalize a field: then its value is edited from now on.
      handle.rebase(base, differs(draft, base.fields) ? draftOf(base.fields) : undefined)
      on.onSaved()
      options.onSaved(prompt)
      void queries.invalidateQueries({ queryKey: ['prompts'] })
      void queries.invalidateQueries({ queryKey: ['prompt', prompt.name] })
    },
    onError: (error, { draft }) => {
      const problem = problemOf(error)
      if (problem?.status === 412 && options.onConflict) {
        on.onConflict()
        return options.onConflict()
      }
      const problems = (problem?.errors ?? []).map((detail): Problem => ({ ...detail, severity: 'error' }))
      on.onRefused({ draft, problems }, error)
    },
  })
}

/** Whether a draft can be saved; else a toast names its first error, and the editor goes there. */
async function isRight(draft: Draft, onGoTo: (problem: Problem) => void): Promise<boolean> {
  const { checkDraft } = await loadCheck()
  const error = checkDraft(draft).problems.find(({ severity }) => severity === 'error')
  if (error === undefined) return true
  showToast({
    key: 'save',
    message: 'There is something to mend before it can be saved.',
    detail: error.message,
  })
  onGoTo(error)
  return false
}

function stillThere(refused: Refused | undefined, draft: Draft): Problem[] {
  if (refused === undefined) return []
  return refused.problems.filter(({ path }) => {
    const then = textAt(refused.draft, path)
    return then === undefined ? refused.draft === draft : then === textAt(draft, path)
  })
}
