'use client'

import { useCallback, useMemo, useRef, useState } from 'react'
import type { TextEdit } from '#lib/liquid/dialects/finding.ts'
import { CodeEditor, type CodeHandle } from '../code/code-editor.tsx'
import type { Mark } from '../code/code-mirror.ts'
import type { Checked, Problem } from '../draft/check.ts'
import { type Draft, type FieldPath, textAt } from '../draft/draft.ts'
import type { DraftHandle } from '../draft/use-draft.ts'
import type { OpenVariable } from './use-declarations.tsx'

const NO_MARKS: readonly Mark[] = []

/** The editors of the content's texts, each with the marks of its problems, and the way to any of them. */
export function useTextFields(
  draft: Draft,
  checked: Checked | undefined,
  problems: readonly Problem[],
  change: DraftHandle['change'],
) {
  const [openVariable, setOpenVariable] = useState<OpenVariable>()
  const editors = useRef(new Map<string, CodeHandle>())
  const marks = useMemo(() => marksByField(problems), [problems])
  const variables = useNames([...draft.variables, ...(checked?.undeclared ?? [])])
  const fieldOf = (path: FieldPath, text: string, label: string) => {
    const key = path.join('.')
    return (
      <CodeEditor
        // Another format is another editor: colours and completion are fixed when it is made.
        key={draft.format}
        isLiteral={draft.format === 'text'}
        ref={(handle) => {
          if (handle) editors.current.set(key, handle)
          else editors.current.delete(key)
        }}
        label={label}
        text={text}
        variables={variables}
        marks={marks.get(key) ?? NO_MARKS}
        isSmall={path.length > 1}
        onChange={(value) => change({ type: 'text', path, text: value })}
      />
    )
  }
  const rows = draft.variables
  const goTo = useCallback(
    ({ path, range }: Problem) => {
      const editor = editors.current.get(path.join('.'))
      if (editor) return editor.focusAt(range?.start ?? 0, range?.end)
      const row = path[0] === 'variables' ? rows[Number(path[1])] : undefined
      if (row && path[2] !== 'type') return setOpenVariable({ id: row.id, field: String(path[2] ?? 'name') })
      document.getElementById(row ? `${row.id}-type` : `detail-${path[0]}`)?.focus()
    },
    [rows],
  )
  /** Applies a problem's fix to its text. */
  const fix = ({ path, ...problem }: Problem) => {
    const text = textAt(draft, path)
    const edits = problem.fix?.edits
    if (edits === undefined || text === undefined) return
    const isDone = editors.current.get(path.join('.'))?.edit(edits)
    if (!isDone) change({ type: 'text', path, text: withEdits(text, edits) })
  }
  return { fieldOf, goTo, fix, openVariable, setOpenVariable }
}

/** The names of variables; the same array as long as the names are the same. */
function useNames(variables: readonly { name: string }[]): readonly string[] {
  const names = variables.map(({ name }) => name).join(' ')
  return useMemo(() => names.split(' ').filter(Boolean), [names])
}

function withEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toReversed()
    .reduce((made, { from, to, insert }) => made.slice(0, from) + insert + made.slice(to), text)
}

function marksByField(problems: readonly Problem[]): Map<string, Mark[]> {
  const marks = new Map<string, Mark[]>()
  for (const { path, range, severity, message, hint } of problems) {
    if (range === undefined) continue
    const key = path.join('.')
    const mark = {
      start: range.start,
      end: range.end,
      severity,
      message: hint ? `${message}. ${hint}` : message,
    }
    marks.set(key, [...(marks.get(key) ?? []), mark])
  }
  return marks
}
