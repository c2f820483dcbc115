import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands'
import { forceLinting, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, gutters, keymap, lineNumbers } from '@codemirror/view'
import type { TextEdit } from '#lib/liquid/dialects/finding.ts'
import { completeLiquid } from './code-completion.ts'
import { liquidMarks, setVariables } from './code-marks.ts'
import { CODE_THEME } from './code-theme.ts'
import { createFindPanel } from './find-panel.ts'

/** A part of the text that something is to be said about. */
export interface Mark {
  start: number
  end: number
  severity: 'error' | 'warning'
  message: string
}

export interface CodeOptions {
  parent: HTMLElement
  text: string
  /** Names the text for screen readers. */
  label: string
  describedBy: string
  variables: readonly string[]
  /** Liquid means nothing in it. */
  isLiteral: boolean
  onChange: (text: string) => void
}

/** A text editor that was loaded and stands in the page. */
export interface Code {
  setText: (text: string) => void
  setVariables: (names: readonly string[]) => void
  setMarks: (marks: readonly Mark[]) => void
  setLabel: (label: string) => void
  /** Moves the cursor to an offset, and the focus. */
  focusAt: (start: number, end?: number) => void
  focus: () => void
  /** Makes all changes as one that can be undone, and puts the cursor behind the first. */
  edit: (edits: readonly TextEdit[]) => void
  destroy: () => void
}

/** A change that comes from outside and is not to be told back. */
const fromOutside = Annotation.define<boolean>()

/** Keys that belong to the page: Run. */
const PAGE_KEYS: ReadonlySet<string | undefined> = new Set(['Mod-Enter', 'Shift-Mod-k'])

/** The names that the extensions of an editor read anew at each update. */
interface Shown {
  label: string
  variables: readonly string[]
}

/** Puts an editor into `parent`. This module brings CodeMirror along: load it lazily. */
export function createCode(options: CodeOptions): Code {
  const { parent, text, label, describedBy, variables, isLiteral, onChange } = options
  const shown: Shown = { label, variables }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        extensions(),
        isLiteral ? [] : liquid(() => shown.variables),
        EditorView.contentAttributes.of(() => ({
          'aria-label': shown.label,
          'aria-describedby': describedBy,
          // The text scrolls by itself, so readers who cannot write have to reach it, too.
          tabindex: '0',
          spellcheck: 'true',
          autocorrect: 'off',
          autocapitalize: 'off',
        })),
        EditorView.cspNonce.of(styleNonce()),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          if (docChanged && !transactions.some((each) => each.annotation(fromOutside)))
            onChange(state.doc.toString())
        }),
      ],
    }),
  })
  return codeOf(view, shown)
}

function codeOf(view: EditorView, shown: Shown): Code {
  return {
    setText: (wanted) => replaceText(view, wanted),
    setVariables(list) {
      shown.variables = list
      view.dispatch({ effects: setVariables.of(new Set(list)) })
    },
    setMarks: (marks) => showMarks(view, marks),
    setLabel(wanted) {
      shown.label = wanted
      view.dispatch({})
    },
    focusAt(start, end = start) {
      const { length } = view.state.doc
      const selection = { anchor: Math.min(start, length), head: Math.min(end, length) }
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) })
      view.focus()
    },
    focus: () => view.focus(),
    edit: (edits) => applyEdits(view, edits),
    destroy: () => view.destroy(),
  }
}

function showMarks(view: EditorView, marks: readonly Mark[]): void {
  const { length } = view.state.doc
  const within = (at: number) => Math.max(0, Math.min(at, length))
  view.dispatch(
    setDiagnostics(
      view.state,
      marks.map(({ start, end, severity, message }) => ({
        from: within(start),
        to: within(Math.max(end, start + 1)),
        severity,
        message,
      })),
    ),
  )
  forceLinting(view)
}

function applyEdits(view: EditorView, edits: readonly TextEdit[]): void {
  const [first] = edits
  if (first === undefined) return
  view.dispatch({
    changes: edits.map(({ from, to, insert }) => ({ from, to, insert })),
    selection: { anchor: first.from + first.insert.length },
    annotations: isolateHistory.of('full'),
    userEvent: 'input.fix',
  })
  view.focus()
}

function liquid(variables: () => readonly string[]) {
  return [
    // Pairs of braces only: quotes and brackets belong to ordinary prose.
    EditorState.languageData.of(() => [{ closeBrackets: { brackets: ['{'] } }]),
    closeBrackets(),
    autocompletion({
      override: [completeLiquid(variables)],
      icons: false,
      activateOnTypingDelay: 0,
      interactionDelay: 0,
    }),
    liquidMarks(variables()),
  ]
}

function extensions() {
  return [
    lineNumbers(),
    // Long lines wrap: without a horizontal scroll the numbers need no fixed place.
    gutters({ fixed: false }),
    history(),
    drawSelection(),
    EditorView.lineWrapping,
    EditorState.allowMultipleSelections.of(true),
    search({ top: true, createPanel: createFindPanel }),
    highlightSelectionMatches(),
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      ...[
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...completionKeymap,
        ...lintKeymap,
        indentWithTab,
      ].filter(({ key }) => !PAGE_KEYS.has(key)),
    ]),
    CODE_THEME,
  ]
}

/** Replaces only the range that differs, so that the cursor and the history stay where they can. */
function replaceText(view: EditorView, wanted: string): void {
  const now = view.state.doc.toString()
  if (now === wanted) return
  const most = Math.min(now.length, wanted.length)
  let from = 0
  while (from < most && now[from] === wanted[from]) from++
  let tail = 0
  while (tail < most - from && now[now.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++
  view.dispatch({
    changes: { from, to: now.length - tail, insert: wanted.slice(from, wanted.length - tail) },
    annotations: fromOutside.of(true),
  })
}

/** The page's own nonce for styles (proxy.ts), which the layout keeps in a meta element. */
function styleNonce(): string {
  return document.querySelector('meta[property="csp-nonce"]')?.getAttribute('content') ?? ''
}
