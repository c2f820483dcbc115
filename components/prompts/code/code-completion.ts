import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  pickedCompletion,
} from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import { FILTER_NAMES, findFilter } from '#lib/liquid/filters.ts'
import { BLOCK_TAGS, TAG_NAMES } from '#lib/liquid/tags.ts'
import { call } from '#lib/rest/client.ts'
import { placeInTemplate } from './template-place.ts'

const PROMPTS_OFFERED = 20
const WORD = /^\w*$/
/** Tags that only stand inside of others. */
const INNER_TAGS = ['else', 'elsif', 'when']
const ENDED: ReadonlySet<string> = new Set([...BLOCK_TAGS.keys(), 'raw', 'comment'])

/** Offers variables, filters, tags and, to include, other prompts: whatever fits where the cursor is. */
export function completeLiquid(variables: () => readonly string[]): CompletionSource {
  return (context) => {
    const place = placeInTemplate(context.state.sliceDoc(0, context.pos))
    if (place === undefined) return null
    const from = context.pos - place.typed.length
    switch (place.kind) {
      case 'variable': {
        const locals = place.locals.map((label): Completion => ({ label, detail: 'local', boost: -1 }))
        const declared = variables().map((label): Completion => ({ label, detail: 'variable', boost: 1 }))
        return result(from, unique([...declared, ...locals]).map(withApply(place.closing)))
      }
      case 'filter':
        return result(
          from,
          FILTER_NAMES.map((label) => ({
            label,
            detail: 'filter',
            apply: (findFilter(label)?.args[0] ?? 0) > 0 ? `${label}: ` : label,
          })),
        )
      case 'tag':
        return result(from, tagCompletions())
      case 'prompt':
        return prompts(context, place.typed, from)
    }
  }
}

function result(from: number, options: Completion[]): CompletionResult | null {
  return options.length === 0 ? null : { from, options, validFor: WORD }
}

function unique(options: Completion[]): Completion[] {
  return [...new Map(options.toReversed().map((option) => [option.label, option])).values()].toReversed()
}

/** Sets a name with a space at each side, and the closing braces unless they are there. */
function withApply(closing: '}}' | '%}') {
  return (option: Completion): Completion => ({
    ...option,
    apply: (view, _completion, from, to) =>
      insertInside(view, option, { from, to, insert: option.label, closing }),
  })
}

function tagCompletions(): Completion[] {
  const names = [...TAG_NAMES.filter((name) => name !== '#'), ...INNER_TAGS]
  const ends = [...ENDED].map((name) => `end${name}`)
  return [...names, ...ends].map((label, index) => ({
    label,
    detail: 'tag',
    boost: -index / 100,
    apply: (view, completion, from, to) =>
      insertInside(view, completion, {
        from,
        to,
        insert:
          INNER_TAGS.includes(label) || label.startsWith('end') || label === 'raw' ? label : `${label} `,
        closing: '%}',
        after: ENDED.has(label) ? `{% end${label} %}` : '',
      }),
  }))
}

interface Insertion {
  from: number
  to: number
  insert: string
  closing: '}}' | '%}'
  after?: string
}

/** Replaces the typed text and leaves the cursor behind it, before the closing braces. */
function insertInside(
  view: EditorView,
  completion: Completion,
  { from, to, insert, closing, after = '' }: Insertion,
): void {
  const { state } = view
  const lead =
    /\S/.test(state.sliceDoc(from - 1, from)) && /[{%-]/.test(state.sliceDoc(from - 1, from)) ? ' ' : ''
  const rest = state.sliceDoc(to, Math.min(state.doc.length, to + 40))
  // Whole braces stay; the single one that was closed by itself is completed.
  const whole = /^[^\S\n]*-?(?:\}\}|%\})/.exec(rest)
  const half = whole ? undefined : /^\}(?!\})/.exec(rest)
  const isOpen = whole === null && !/^[^\n{]*?(?:\}\}|%\})/.test(rest)
  const tail = isOpen ? ` ${closing}${after}` : whole && /^[-%}]/.test(rest) ? ' ' : ''
  const text = lead + insert + (insert.endsWith(' ') ? tail.slice(1) : tail)
  view.dispatch({
    changes: { from, to: isOpen && half ? to + 1 : to, insert: text },
    selection: { anchor: from + lead.length + insert.length },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
  })
}

async function prompts(
  context: CompletionContext,
  typed: string,
  from: number,
): Promise<CompletionResult | null> {
  const aborted = new AbortController()
  context.addEventListener('abort', () => aborted.abort(), { onDocChange: true })
  try {
    const q = typed.trim()
    const query = { ...(q === '' ? {} : { q }), limit: PROMPTS_OFFERED }
    const { items } = await call('GET /api/prompts', { query, signal: aborted.signal })
    const included = items.filter(({ kind }) => kind === 'text')
    return {
      from,
      filter: false,
      options: included.map(({ name, title }) => ({
        label: name,
        ...(title ? { detail: title } : {}),
        apply: quoted,
      })),
    }
  } catch {
    // Without the server nothing is offered; saving tells the failure.
    return null
  }
}

function quoted(view: EditorView, completion: Completion, from: number, to: number): void {
  const quote = view.state.sliceDoc(from - 1, from)
  const isClosed = view.state.sliceDoc(to, to + 1) === quote
  view.dispatch({
    changes: { from, to, insert: completion.label + (isClosed ? '' : quote) },
    selection: { anchor: from + completion.label.length + 1 },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
  })
}
