import { type Range, StateEffect, StateField } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import { liquidTokens, type Token } from './liquid-tokens.ts'
import { TOKEN_COLOURS } from './source-text.tsx'

/** The names that count as variables from now on. */
export const setVariables = StateEffect.define<ReadonlySet<string>>()

/** Marks of Markdown, line by line: headings, lists, quotations, code and bold. */
const MARKDOWN: readonly (readonly [RegExp, string])[] = [
  [/^#{1,6}\s.*$/g, 'font-bold'],
  [/^\s*(?:[-*+]|\d{1,3}[.)])(?=\s)/g, 'text-ink-faint'],
  [/^>.*$/g, 'text-ink-soft italic'],
  [/`[^`]+`/g, 'text-moss'],
  [/\*\*[^*\s][^*]*\*\*/g, 'font-bold'],
  [/^(?:```|~~~).*$/g, 'text-ink-faint'],
  [/<\/?[A-Za-z][\w-]*>/g, 'text-ink-soft'],
]

/** Colours the visible part of the text: Liquid by the tokens that the read-only view has, and Markdown. */
export function liquidMarks(variables: readonly string[]) {
  const names = StateField.define<ReadonlySet<string>>({
    create: () => new Set(variables),
    update: (value, { effects }) => effects.find((effect) => effect.is(setVariables))?.value ?? value,
  })
  const marks = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet
      #tokens: Token[]

      constructor(view: EditorView) {
        this.#tokens = tokensOf(view)
        this.decorations = decorationsOf(view, this.#tokens)
      }

      update(update: ViewUpdate) {
        const renamed = update.startState.field(names) !== update.state.field(names)
        if (update.docChanged || renamed) this.#tokens = tokensOf(update.view)
        if (update.docChanged || renamed || update.viewportChanged)
          this.decorations = decorationsOf(update.view, this.#tokens)
      }
    },
    { decorations: (plugin) => plugin.decorations },
  )
  const tokensOf = (view: EditorView) => liquidTokens(view.state.doc.toString(), view.state.field(names))
  return [names, marks]
}

function decorationsOf(view: EditorView, tokens: readonly Token[]): DecorationSet {
  const { from, to } = view.viewport
  const ranges: Range<Decoration>[] = []
  let at = 0
  for (const { kind, text } of tokens) {
    const end = at + text.length
    const colour = TOKEN_COLOURS[kind]
    if (colour !== undefined && end > from && at < to) ranges.push(markOf(colour, kind).range(at, end))
    at = end
  }
  for (let position = from; position <= to; ) {
    const line = view.state.doc.lineAt(position)
    for (const [pattern, colour] of MARKDOWN)
      for (const found of line.text.matchAll(pattern)) {
        const start = line.from + found.index
        if (found[0] !== '') ranges.push(markOf(colour, 'markdown').range(start, start + found[0].length))
      }
    position = line.to + 1
  }
  return Decoration.set(ranges, true)
}

const made = new Map<string, Decoration>()

function markOf(colour: string, kind: string): Decoration {
  const key = `${kind} ${colour}`
  const mark = made.get(key) ?? Decoration.mark({ class: colour, attributes: { 'data-token': kind } })
  made.set(key, mark)
  return mark
}
