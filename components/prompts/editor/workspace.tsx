'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, type RefObject, useImperativeHandle, useMemo } from 'react'
import { Kbd } from '#components/ui/kbd.tsx'
import { lastingPart } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import { KEYS_HINT } from '../code/code-editor.tsx'
import type { Problem } from '../draft/check.ts'
import { type Draft, fieldsOfDraft } from '../draft/draft.ts'
import type { DraftHandle } from '../draft/use-draft.ts'
import type { FirstRun } from '../test/draft-run.tsx'
import type { SavedVersion } from '../test/test-panel.tsx'
import { DetailsPanel } from './details-panel.tsx'
import { KindChoice, LiteralSwitch } from './kind-choice.tsx'
import { Problems, useCheck, useFixes } from './problems.tsx'
import { useDeclarations } from './use-declarations.tsx'
import { useTextFields } from './use-text-fields.tsx'

// The server renders them all the same; their script loads after the page's own.
const TestPanel = dynamic(lastingPart(async () => (await import('../test/test-panel.tsx')).TestPanel))
const MessageList = dynamic(lastingPart(async () => (await import('./message-list.tsx')).MessageList))

export interface WorkspaceHandle {
  /** Leads to where a problem is. */
  goTo: (problem: Problem) => void
}

export interface WorkspaceProps {
  handle: DraftHandle
  saved: SavedVersion | undefined
  /** Makes a prompt that does not exist yet, and runs it. */
  onFirstRun?: (run: FirstRun) => void
  /** The problems that the server named at the last attempt to save. */
  refused: readonly Problem[]
  /** State and actions, beside the choice of the kind. */
  toolbar: ReactNode
  /** Notices above the text. */
  children?: ReactNode
  /** Stands below the details. */
  footer?: ReactNode
  /** Whether the title is among the details; else it stands elsewhere. */
  hasTitle?: boolean
  ref: RefObject<WorkspaceHandle | null>
}

/** Text and details at the left; at the right the variables, and the text rendered with their values. */
export function Workspace(props: WorkspaceProps) {
  const { handle, saved, refused, toolbar, children, footer, hasTitle = true, ref } = props
  const { draft, isDirty, change } = handle
  const checked = useCheck(draft)
  const problems = useMemo(() => [...(checked?.problems ?? []), ...refused], [checked, refused])
  const fields = useTextFields(draft, checked, problems, change)
  useImperativeHandle(ref, () => ({ goTo: fields.goTo }), [fields.goTo])
  const { content, variables, config } = useMemo(() => fieldsOfDraft(draft), [draft])
  const tested = useMemo(() => ({ content, variables }), [content, variables])
  const declarations = useDeclarations({
    rows: draft.variables,
    checked,
    problems,
    open: fields.openVariable,
    onOpen: fields.setOpenVariable,
    onChange: change,
  })

  const fix = useFixes(handle, checked, fields.fix)
  return (
    <div className="grid gap-x-10 gap-y-12 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
      <div id="editor" tabIndex={-1} className="min-w-0 scroll-mt-16 outline-none">
        {children}
        <div className="sticky top-14 z-20 -mx-1 mb-1 flex flex-wrap items-center gap-2 bg-paper px-1 py-2">
          <KindChoice kind={draft.kind} onChange={(kind) => changeKind(handle, kind)} />
          <LiteralSwitch format={draft.format} onChange={change} />
          {toolbar}
        </div>
        {draft.kind === 'text' ? (
          fields.fieldOf(['template_content'], draft.text, 'Text')
        ) : (
          <MessageList
            messages={draft.messages}
            isLiteral={draft.format === 'text'}
            onChange={change}
            fieldOf={fields.fieldOf}
          />
        )}
        <KeysHint format={draft.format} />
        <Problems problems={problems} isChecked={checked !== undefined} onGoTo={fields.goTo} onFix={fix} />
      </div>
      <div className="min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        <TestPanel
          draft={tested}
          config={config}
          saved={saved}
          onFirstRun={props.onFirstRun}
          isChanged={isDirty || saved === undefined}
          // A literal text declares nothing.
          {...(draft.format === 'liquid' && { declarations })}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-10">
        <DetailsPanel draft={draft} hasTitle={hasTitle} problems={problems} onChange={change} />
        {footer}
      </div>
    </div>
  )
}

/** Changes between one text and messages; joining several messages into one text can be undone. */
function changeKind({ draft, change }: DraftHandle, kind: Draft['kind']): void {
  if (kind === draft.kind) return
  change({ type: 'kind', kind, id: crypto.randomUUID() })
  if (kind === 'text' && draft.messages.length > 1)
    showToast({
      message: 'The messages are one text now.',
      action: { label: 'Undo', run: () => change({ type: 'kind', kind: 'chat', id: crypto.randomUUID() }) },
    })
}

function KeysHint({ format }: { format: Draft['format'] }) {
  return (
    <p id={KEYS_HINT} className="mt-2 flex flex-wrap items-center gap-1 text-ink-faint text-xs">
      <Kbd>Esc</Kbd> then <Kbd>Tab</Kbd> leaves the text.{' '}
      {format !== 'text' && (
        <>
          <span>Braces offer variables, a bar filters.</span>
          <a href="/docs/templates" target="_blank" className="text-lapis underline underline-offset-2">
            Language
          </a>
        </>
      )}
      <a href="#try" className="ml-auto text-lapis underline underline-offset-2 lg:hidden">
        To the test
      </a>
    </p>
  )
}
