'use client'

import { Save } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type RefObject, useImperativeHandle, useMemo, useState } from 'react'
import type { Problem } from '#components/prompts/editor/check.ts'
import { KEYS_HINT } from '#components/prompts/editor/code-editor.tsx'
import { DraftNotice } from '#components/prompts/editor/draft-notice.tsx'
import { LiteralSwitch } from '#components/prompts/editor/literal-switch.tsx'
import { Problems } from '#components/prompts/editor/problems.tsx'
import { useCheck } from '#components/prompts/editor/use-check.ts'
import type { DraftHandle } from '#components/prompts/editor/use-draft.ts'
import { useFixes } from '#components/prompts/editor/use-fixes.ts'
import { useTextFields } from '#components/prompts/editor/use-text-fields.tsx'
import type { FormValues } from '#components/prompts/test/form-values.ts'
import { PreviewNotice } from '#components/prompts/test/preview-notice.tsx'
import { PreviewText } from '#components/prompts/test/preview-text.tsx'
import { TextFacts } from '#components/prompts/test/text-facts.tsx'
import type { Live } from '#components/prompts/test/use-live-render.ts'
import { fieldId } from '#components/prompts/test/variable-field.tsx'
import { VariableForm } from '#components/prompts/test/variable-form.tsx'
import { Button } from '#components/ui/button.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { lastingPart } from '#components/ui/part.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Segments } from '#components/ui/segments.tsx'

const MessageList = dynamic(
  lastingPart(async () => (await import('#components/prompts/editor/message-list.tsx')).MessageList),
)

const VIEWS = [
  { id: 'write', label: 'Text' },
  { id: 'sent', label: 'As it is sent' },
]

export interface WritingPaneHandle {
  /** Leads to where a problem is. */
  goTo: (problem: Problem) => void
}

interface Props {
  /** It stays in the page, so that nothing that was typed or scrolled is lost. */
  isHidden: boolean
  prompt: string
  handle: DraftHandle
  isEdited: boolean
  /** The version that the text began from. */
  version: number
  live: Live
  values: FormValues
  /** Variables that kept the last run from going off. */
  needed: readonly string[]
  onValues: (values: FormValues) => void
  /** The problems of the last attempt to save, from the server. */
  refused: readonly Problem[]
  onSave: () => void
  ref: RefObject<WritingPaneHandle | null>
}

/** The values to run with, and the text to change in its place. */
export function WritingPane(props: Props) {
  const { isHidden, prompt, handle, live, values, needed, onValues, refused, ref } = props
  const { draft, change } = handle
  const [view, setView] = useState('write')
  const checked = useCheck(draft)
  const problems = useMemo(() => [...(checked?.problems ?? []), ...refused], [checked, refused])
  const fields = useTextFields(draft, checked, problems, change)
  const fix = useFixes(handle, checked, fields.fix)
  const goTo = (problem: Problem) => {
    setView('write')
    requestAnimationFrame(() => fields.goTo(problem))
  }
  useImperativeHandle(ref, () => ({ goTo }))
  return (
    <div id="editor" tabIndex={-1} hidden={isHidden} className="min-w-0 scroll-mt-16 outline-none">
      <DraftNotice handle={handle} newest={0} />
      <div className="flex flex-col gap-4">
        <VariableForm
          prompt={prompt}
          live={live}
          values={values}
          onChange={onValues}
          errors={faultsOf(live.outcome, needed)}
        />
        <section aria-labelledby="text-heading" className="min-w-0">
          <h2 id="text-heading" className="sr-only">
            Text
          </h2>
          <TextBar {...props} view={view} onView={setView} />
          {view === 'sent' ? (
            <Sent live={live} isChat={draft.kind === 'chat'} />
          ) : (
            <>
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
              <KeysHint />
              <Problems problems={problems} isChecked={checked !== undefined} onGoTo={goTo} onFix={fix} />
            </>
          )}
        </section>
      </div>
    </div>
  )
}

/** The faults of the values, by variable. */
function faultsOf(outcome: Live['outcome'], needed: readonly string[]): ReadonlyMap<string, string> {
  const wrong =
    outcome?.state === 'incomplete'
      ? outcome.wrong.map(({ path, message }) => [String(path[1]), message] as const)
      : []
  return new Map([...needed.map((name) => [name, 'It needs a value.'] as const), ...wrong])
}

function KeysHint() {
  return (
    <p id={KEYS_HINT} className="mt-2 flex flex-wrap items-center gap-1 text-ink-faint text-xs">
      <Kbd>Esc</Kbd> then <Kbd>Tab</Kbd> leaves the text.
      <a href="#answers" className="ml-auto text-lapis underline underline-offset-2 lg:hidden">
        To the answers
      </a>
    </p>
  )
}

function TextBar({
  handle,
  isEdited,
  version,
  view,
  onView,
  onSave,
}: Props & { view: string; onView: (view: string) => void }) {
  return (
    <div className="sticky top-14 z-20 -mx-1 mb-1 flex flex-wrap items-center gap-2 bg-paper px-1 py-2">
      <Segments name="What is shown" segments={VIEWS} value={view} onChange={onView} />
      <LiteralSwitch format={handle.draft.format} onChange={handle.change} />
      <output className="min-w-0 truncate px-1 text-ink-faint text-xs">
        {handle.isDirty ? 'Unsaved changes' : `Version ${version}`}
      </output>
      <div className="ml-auto flex gap-2">
        {handle.isDirty && (
          <>
            <Button look="quiet" onPress={handle.discard}>
              Discard
            </Button>
            <Button
              look={isEdited ? 'outline' : 'quiet'}
              aria-keyshortcuts="Control+S Meta+S"
              onPress={onSave}
            >
              <Save aria-hidden="true" />
              Save as version
            </Button>
          </>
        )}
      </div>
    </div>
  )
}

/** The messages for the model, with the current values. */
function Sent({ live: { outcome, shown }, isChat }: { live: Live; isChat: boolean }) {
  const notice = outcome !== undefined && outcome.state !== 'rendered' ? outcome : undefined
  return (
    <>
      <ScrollRegion
        name="What is sent"
        className="max-h-[72dvh] min-h-40 overflow-y-auto rounded-xl border border-line bg-surface px-4 py-5 sm:px-6"
      >
        {notice ? (
          <PreviewNotice
            outcome={notice}
            onGoTo={(name) => document.getElementById(fieldId(name))?.focus()}
          />
        ) : (
          shown && <PreviewText rendered={shown} isChat={isChat && shown.messages.length > 0} wraps />
        )}
      </ScrollRegion>
      <div className="mt-2 min-h-6 text-ink-faint text-xs tabular-nums">
        {shown && !notice && <TextFacts rendered={shown} isChat={isChat} />}
      </div>
    </>
  )
}
