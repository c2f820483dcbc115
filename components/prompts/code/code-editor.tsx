'use client'

import {
  type Ref,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { lastingPart } from '#components/ui/part.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import type { TextEdit } from '#lib/liquid/dialects/finding.ts'
import type { Code, createCode, Mark } from './code-mirror.ts'
import { SourceText } from './source-text.tsx'

const loadCodeMirror = lastingPart(() => import('./code-mirror.ts'))

/** The hint on keys near the editors, which describes each of them. */
export const KEYS_HINT = 'editor-keys'

const BOX =
  'rounded-xl border border-line-strong bg-surface font-mono focus-within:outline-2 focus-within:outline-(--focus) focus-within:outline-offset-2'
const INSIDE = 'px-4 py-4 sm:px-6'

export interface CodeHandle {
  focusAt: (start: number, end?: number) => void
  /** Makes all changes as one that can be undone; false while the editor is still loading. */
  edit: (edits: readonly TextEdit[]) => boolean
}

export interface CodeEditorProps {
  /** Names the text for screen readers. */
  label: string
  text: string
  onChange: (text: string) => void
  variables: readonly string[]
  marks: readonly Mark[]
  isSmall?: boolean
  /** The text is sent as it stands: nothing in it is coloured or completed. It stays as it is for one editor. */
  isLiteral?: boolean
  ref?: Ref<CodeHandle>
}

/**
 * A text with its marks. Until the editor has been loaded the text itself stands in the same box, where it
 * can be read; a click there counts as soon as the editor is there.
 */
export function CodeEditor(props: CodeEditorProps) {
  const { label, text, variables, isSmall = false, isLiteral = false, ref } = props
  const { host, code, focusAt } = useCodeMirror({ ...props, isLiteral })
  useImperativeHandle(
    ref,
    () => ({
      focusAt,
      edit(edits) {
        code?.edit(edits)
        return code !== undefined
      },
    }),
    [code, focusAt],
  )

  const height = isSmall ? 'min-h-20 max-h-[60dvh]' : 'min-h-64 max-h-[72dvh]'
  return (
    <div className={BOX} data-code-editor={code ? 'ready' : 'loading'}>
      {code === undefined && (
        <div role="presentation" onPointerDown={() => focusAt(0)}>
          <ScrollRegion name={`${label}, loading`} className={classNames('overflow-auto', INSIDE, height)}>
            <SourceText text={text} variables={new Set(variables)} isLiteral={isLiteral} />
          </ScrollRegion>
        </div>
      )}
      <div
        ref={host}
        className={classNames(
          'code-host',
          code !== undefined && INSIDE,
          code !== undefined && height,
          code === undefined && 'hidden',
          'overflow-auto',
        )}
      />
    </div>
  )
}

/** Loads CodeMirror into the host element, and gives it each change of the props. */
function useCodeMirror(props: CodeEditorProps & { isLiteral: boolean }) {
  const { label, text, onChange, variables, marks, isLiteral } = props
  const host = useRef<HTMLDivElement>(null)
  /** The selection that takes the focus as soon as the editor is loaded. */
  const wanted = useRef<{ start: number; end?: number } | undefined>(undefined)
  const [code, setCode] = useState<Code>()
  const changed = useEffectEvent((value: string) => onChange(value))
  const create = useEffectEvent((parent: HTMLElement, make: typeof createCode) => {
    const names = { label, describedBy: KEYS_HINT }
    const made = make({ parent, text, ...names, variables, isLiteral, onChange: changed })
    // The focus that came to the text by keyboard meanwhile stays in it.
    if (parent.parentElement?.contains(document.activeElement)) wanted.current ??= { start: 0 }
    return made
  })
  useEffect(() => {
    let made: Code | undefined
    let isWanted = true
    const load = async () => {
      const loaded = await loadCodeMirror()
      if (!isWanted || host.current === null) return
      made = create(host.current, loaded.createCode)
      setCode(made)
    }
    void load()
    return () => {
      isWanted = false
      made?.destroy()
    }
  }, [])
  // Not before the editor is shown: a hidden element cannot have the focus.
  useEffect(() => {
    if (wanted.current) code?.focusAt(wanted.current.start, wanted.current.end)
  }, [code])
  useEffect(() => code?.setText(text), [code, text])
  useEffect(() => code?.setVariables(variables), [code, variables])
  useEffect(() => code?.setMarks(marks), [code, marks])
  useEffect(() => code?.setLabel(label), [code, label])
  const focusAt = useCallback(
    (start: number, end?: number) => {
      if (code) code.focusAt(start, end)
      else wanted.current = { start, ...(end === undefined ? {} : { end }) }
    },
    [code],
  )
  return { host, code, focusAt }
}
