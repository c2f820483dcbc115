'use client'

import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { counted } from '#components/ui/format.ts'
import { lastingPart } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Checked, Problem } from '../draft/check.ts'
import { type Draft, textAt } from '../draft/draft.ts'
import type { DraftHandle } from '../draft/use-draft.ts'

const loadCheck = lastingPart(() => import('../draft/check.ts'))

/** After the last letter; with the check itself far below the half second in which a mark has to show. */
const QUIET_MS = 120

/** The result of checking the draft, debounced; undefined until the first check. */
export function useCheck(draft: Draft): Checked | undefined {
  const [checked, setChecked] = useState<Checked>()
  useEffect(() => {
    let wanted = true
    const check = async () => {
      const { checkDraft } = await loadCheck()
      if (wanted) setChecked(checkDraft(draft))
    }
    const timer = setTimeout(() => void check(), QUIET_MS)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [draft])
  return checked
}

/** The errors, which keep the draft from being saved, and the warnings; each leads to its place. */
export function Problems({
  problems,
  isChecked,
  onGoTo,
  onFix,
}: {
  problems: readonly Problem[]
  isChecked: boolean
  onGoTo: (problem: Problem) => void
  onFix: (problem: Problem) => void
}) {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return (
    <section aria-label="Problems" className="mt-3 min-h-8">
      <output className="block text-ink-faint text-xs">
        {isChecked ? summary(errors, problems.length) : ' '}
      </output>
      {problems.length > 0 && (
        <ul className="-mx-2 mt-1 flex max-h-56 flex-col overflow-y-auto">
          {problems.map((problem) => (
            <ProblemItem key={keyOf(problem)} problem={problem} onGoTo={onGoTo} onFix={onFix} />
          ))}
        </ul>
      )}
    </section>
  )
}

function ProblemItem({
  problem,
  onGoTo,
  onFix,
}: {
  problem: Problem
  onGoTo: (problem: Problem) => void
  onFix: (problem: Problem) => void
}) {
  return (
    <li className="flex flex-wrap items-center">
      <button
        type="button"
        onClick={() => onGoTo(problem)}
        className="flex min-h-8 min-w-0 flex-1 basis-64 items-baseline gap-2 rounded-md px-2 py-1 text-left text-sm hover:bg-hover"
      >
        {problem.severity === 'error' ? (
          <CircleAlert aria-label="Error" className="size-3.5 shrink-0 translate-y-0.5 text-rubric" />
        ) : (
          <TriangleAlert aria-label="Warning" className="size-3.5 shrink-0 translate-y-0.5 text-lapis" />
        )}
        <span className="min-w-0 flex-1 break-words">
          {problem.message}
          {problem.hint && <span className="text-ink-faint"> · {problem.hint}</span>}
        </span>
        <span className="shrink-0 text-ink-faint text-xs tabular-nums">{placeOf(problem)}</span>
      </button>
      {problem.fix && (
        <button
          type="button"
          onClick={() => onFix(problem)}
          className="mr-2 ml-auto min-h-8 rounded-md border border-line-strong px-2 text-sm hover:bg-hover"
        >
          {problem.fix.label}
        </button>
      )}
    </li>
  )
}

function summary(errors: number, all: number): string {
  if (all === 0) return 'No problems'
  const warnings = all - errors
  return [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(', ')
}

function keyOf({ path, code, message, range }: Problem): string {
  return `${path.join('.')} ${code} ${range?.start} ${message}`
}

function placeOf({ path, range }: Problem): string {
  const message = path[0] === 'messages' ? `message ${Number(path[1]) + 1}` : ''
  const place = range ? `line ${range.line}, column ${range.column}` : ''
  return [message, place].filter(Boolean).join(', ')
}

/**
 * Applies the fix of a problem.
 * @param checked the check that found the problem
 * @param edit makes the edits of one text
 */
export function useFixes(
  { draft, change }: DraftHandle,
  checked: Checked | undefined,
  edit: (problem: Problem) => void,
) {
  return (problem: Problem) => {
    // The text has changed since the check: the next check finds the problem again.
    if (checked === undefined || textAt(checked.draft, problem.path) !== textAt(draft, problem.path)) return
    const messages = problem.fix?.messages
    if (messages === undefined) return edit(problem)
    change({ type: 'split', messages: messages.map((message) => ({ ...message, id: crypto.randomUUID() })) })
    showToast({
      message: `The text is ${counted(messages.length, 'message')} now.`,
      action: { label: 'Undo', run: () => change({ type: 'reset', draft }) },
    })
  }
}
