'use client'

import { counted } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Checked, Problem } from './check.ts'
import { textAt } from './draft.ts'
import type { DraftHandle } from './use-draft.ts'

/**
 * Does what the button of a problem says.
 * @param checked what the problem was found in
 * @param edit makes the edits of one text
 */
export function useFixes(
  { draft, change }: DraftHandle,
  checked: Checked | undefined,
  edit: (problem: Problem) => void,
) {
  return (problem: Problem) => {
    // What was found in a text that has changed since is found again in a moment.
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
