'use client'

import dynamic from 'next/dynamic'
import {
  type ReactNode,
  type RefObject,
  useCallback,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Kbd } from '#components/ui/kbd.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { SavedVersion } from '../test/test-panel.tsx'
import type { Problem } from './check.ts'
import { CodeEditor, type CodeHandle, KEYS_HINT } from './code-editor.tsx'
import type { Mark } from './code-mirror.ts'
import { DetailsPanel } from './details-panel.tsx'
import { type Draft, type FieldPath, fieldsOfDraft } from './draft.ts'
import { KindChoice } from './kind-choice.tsx'
import { Problems } from './problems.tsx'
import { useCheck } from './use-check.ts'
import type { DraftHandle } from './use-draft.ts'
import { VariablesPanel } from './variables-panel.tsx'

// Their first look comes from the server all the same; their script follows the page's own.
const TestPanel = dynamic(async () => (await import('../test/test-panel.tsx')).TestPanel)
const MessageList = dynamic(async () => (await import('./message-list.tsx')).MessageList)

const NO_MARKS: readonly Mark[] = []

export interface WorkspaceHandle {
  /** Leads to where a problem is. */
  goTo: (problem: Problem) => void
}

export interface WorkspaceProps {
  handle: DraftHandle
  saved: SavedVersion | undefined
  /** What the server named at the last attempt to save. */
  refused: readonly Problem[]
  /** State and actions, beside the choice of the kind. */
  toolbar: ReactNode
  /** What is to be told, or asked, above the text. */
  children?: ReactNode
  /** What else there is to know of the prompt, below. */
  footer?: ReactNode
  ref: RefObject<WorkspaceHandle | null>
}

/** Text, variables and details at the left; at the right what becomes of them. */
export function Workspace({ handle, saved, refused, toolbar, children, footer, ref }: WorkspaceProps) {
  const { draft, isDirty, change } = handle
  const checked = useCheck(draft)
  const problems = useMemo(() => [...(checked?.problems ?? []), ...refused], [checked, refused])
  const fields = useFields(draft, problems, change)
  useImperativeHandle(ref, () => ({ goTo: fields.goTo }), [fields.goTo])
  const { content, variables } = useMemo(() => fieldsOfDraft(draft), [draft])
  const tested = useMemo(() => ({ content, variables }), [content, variables])

  const changeKind = (kind: Draft['kind']) => {
    if (kind === draft.kind) return
    change({ type: 'kind', kind, id: crypto.randomUUID() })
    if (kind === 'text' && draft.messages.length > 1)
      showToast({
        message: 'The messages are one text now.',
        action: { label: 'Undo', run: () => change({ type: 'kind', kind: 'chat', id: crypto.randomUUID() }) },
      })
  }
  return (
    <div className="grid gap-x-10 gap-y-12 lg:grid-cols-2">
      <div id="editor" tabIndex={-1} className="min-w-0 scroll-mt-16 outline-none">
        {children}
        <div className="sticky top-14 z-20 -mx-1 mb-1 flex flex-wrap items-center gap-2 bg-paper px-1 py-2">
          <KindChoice kind={draft.kind} onChange={changeKind} />
          {toolbar}
        </div>
        {draft.kind === 'text' ? (
          fields.fieldOf(['template_content'], draft.text, 'Text')
        ) : (
          <MessageList messages={draft.messages} onChange={change} fieldOf={fields.fieldOf} />
        )}
        <p id={KEYS_HINT} className="mt-2 flex flex-wrap items-center gap-1 text-ink-faint text-xs">
          <Kbd>Esc</Kbd> then <Kbd>Tab</Kbd> leaves the text.{' '}
          <span>Braces offer variables, a bar filters.</span>
          <a href="#try" className="ml-auto text-lapis underline underline-offset-2 lg:hidden">
            To the test
          </a>
        </p>
        <Problems problems={problems} isChecked={checked !== undefined} onGoTo={fields.goTo} />
        <div className="mt-8 flex flex-col gap-10">
          <VariablesPanel
            variables={draft.variables}
            checked={checked}
            problems={problems}
            open={fields.openVariable}
            onOpen={fields.setOpenVariable}
            onChange={change}
          />
          <DetailsPanel draft={draft} problems={problems} onChange={change} />
          {footer}
        </div>
      </div>
      <div className="min-w-0">
        <TestPanel draft={tested} saved={saved} isChanged={isDirty || saved === undefined} />
      </div>
    </div>
  )
}

/** The editors of the content's texts, each with the marks of its problems, and the way to any of them. */
function useFields(draft: Draft, problems: readonly Problem[], change: DraftHandle['change']) {
  const [openVariable, setOpenVariable] = useState<string>()
  const editors = useRef(new Map<string, CodeHandle>())
  const marks = useMemo(() => marksByField(problems), [problems])
  const names = draft.variables.map(({ name }) => name).join(' ')
  const variables = useMemo(() => names.split(' ').filter(Boolean), [names])

  const fieldOf = (path: FieldPath, text: string, label: string) => {
    const key = path.join('.')
    return (
      <CodeEditor
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
      if (row) setOpenVariable(row.id)
      const key = path[2] ?? 'name'
      const id = row ? `${row.id}-${key}` : `detail-${path[0]}`
      requestAnimationFrame(() => document.getElementById(id)?.focus())
    },
    [rows],
  )
  return { fieldOf, goTo, openVariable, setOpenVariable }
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
