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
}

/** Sends the draft; made anew for a new prompt, and a version of one that exists. */
export type SendDraft = (attempt: Attempt, message: string, idempotencyKey: string) => Promise<Prompt>

/**
 * The way from a draft to a version: what is wrong is named first, then a message is asked for, and only then
 * something is saved.
 */
export function useSave(options: {
  handle: DraftHandle
  sendDraft: SendDraft
  onSaved: (prompt: Prompt) => void
  onConflict?: () => void
  onGoTo: (problem: Problem) => void
}) {
  const { handle, sendDraft, onSaved, onConflict, onGoTo } = options
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [message, setMessage] = useState('')
  const [refused, setRefused] = useState<{ draft: Draft; problems: Problem[] }>()
  // One key as long as the same is sent: a retry after a lost answer saves nothing twice.
  const sent = useRef<{ body: string; key: string } | undefined>(undefined)

  const mutation = useMutation({
    mutationFn: async ({ draft, labels }: Attempt) => {
      const { wholeDraft } = await loadCheck()
      const whole = wholeDraft(draft)
      const body = JSON.stringify([fieldsOfDraft(whole), message, labels, handle.base?.version])
      if (sent.current?.body !== body) sent.current = { body, key: crypto.randomUUID() }
      return sendDraft({ draft: whole, labels }, message.trim(), sent.current.key)
    },
    onSuccess: (prompt, { draft }) => {
      const base = baseOf(prompt)
      // The server may have written something in its own way: then that is what is edited from now on.
      handle.rebase(base, differs(draft, base.fields) ? draftOf(base.fields) : undefined)
      setOpen(false)
      setMessage('')
      setRefused(undefined)
      onSaved(prompt)
      void queries.invalidateQueries({ queryKey: ['prompts'] })
      void queries.invalidateQueries({ queryKey: ['prompt', prompt.name] })
    },
    onError: (error, { draft }) => {
      const problem = problemOf(error)
      if (problem?.status === 412 && onConflict) {
        setOpen(false)
        return onConflict()
      }
      const problems = (problem?.errors ?? []).map((detail): Problem => ({ ...detail, severity: 'error' }))
      setRefused({ draft, problems })
      const placed = problems.find(({ path }) => textAt(draft, path) !== undefined)
      // The dialog tells it, where there is one.
      if (placed === undefined && isOpen) return
      setOpen(false)
      const detail = placed?.message ?? error.message
      showToast({ tone: 'failure', key: 'save', message: 'It was not saved.', detail })
      if (placed !== undefined) onGoTo(placed)
    },
  })

  /** Whether it can be saved; what is wrong is told otherwise. */
  const isRight = async () => {
    const { checkDraft } = await loadCheck()
    const error = checkDraft(handle.draft).problems.find(({ severity }) => severity === 'error')
    if (error === undefined) return true
    showToast({
      key: 'save',
      message: 'There is something to mend before it can be saved.',
      detail: error.message,
    })
    onGoTo(error)
    return false
  }

  const open = async () => {
    if (!handle.isDirty && handle.base !== undefined) {
      showToast({ key: 'save', message: `Nothing has changed since version ${handle.base.version}.` })
      return
    }
    if (!(await isRight())) return
    mutation.reset()
    setOpen(true)
  }
  return {
    isOpen,
    open,
    close: () => setOpen(false),
    message,
    setMessage,
    save: (labels: string[]) => mutation.mutate({ draft: handle.draft, labels }),
    /** Saves without asking for a message, and without a label. */
    saveAtOnce: async () => {
      if (await isRight()) mutation.mutate({ draft: handle.draft, labels: [] })
    },
    isSaving: mutation.isPending,
    failure: mutation.error?.message,
    /** What the server named, as long as the text that it named it in is the same. */
    refused: stillThere(refused, handle.draft),
  }
}

function stillThere(refused: { draft: Draft; problems: Problem[] } | undefined, draft: Draft): Problem[] {
  if (refused === undefined) return []
  return refused.problems.filter(({ path }) => {
    const then = textAt(refused.draft, path)
    return then === undefined ? refused.draft === draft : then === textAt(draft, path)
  })
}
