import { TAG_NAMES } from '../tags.ts'
import { fStrings } from './f-string.ts'
import type { Finding, Fix, TextEdit } from './finding.ts'
import { fromHandlebars, handlebarsLabel } from './handlebars.ts'
import { OUTPUT_ROWS } from './output-rows.ts'
import { type Cut, cut, type Piece } from './pieces.ts'
import { pythonFormat } from './python-format.ts'
import { frontMatter, roleMarks } from './roles.ts'
import { type Match, type Row, WRAP_IN_RAW } from './row.ts'
import { Soundness } from './soundness.ts'
import { TAG_ROWS } from './tag-rows.ts'
import { jinjaComments, placeholders } from './text-rows.ts'
import {
  foreignLoop,
  foreignValues,
  lengths,
  quotedTemplates,
  rawAround,
  workflowExpressions,
} from './word-rows.ts'

/*
 * This folder knows other template languages from within ours: it reads a text as Liquid and advises its author on what
 * was meant otherwise, by tables of patterns. It guesses, never changes a text by itself, and costs no more than a
 * keystroke may. `lib/transfer/convert` knows them from their own side: it parses a text whose language is known, and
 * writes what it says as Liquid, or refuses. Which language a text is in that came without a word about it, imports
 * learn from here. Where both name a filter they name the same one; a test beside this file compares them.
 */

/** What is known of the content that a text belongs to. */
export interface DialectContext {
  kind: 'text' | 'chat'
  /** The text of a literal prompt is sent as it stands: in it everything means what it says. */
  format?: 'liquid' | 'text'
  /** Names of declared variables. */
  declared: ReadonlySet<string>
}

/** More edits than an author can look through. */
const MOST_EDITS = 1_000
/** Characters of one content that are looked at: enough to tell a language, and some tens of milliseconds. */
const MOST_SEARCHED = 100_000

/**
 * Finds what other template languages write differently, in each text of one content. Pure, and linear in
 * the length of the texts, whose beginning tells enough: what is longer is not changed at the press of a button.
 * What stands in `raw` or a comment is not looked at.
 * @returns for each text its findings, those that say most first
 */
export function findDialects(texts: readonly string[], context: DialectContext): Finding[][] {
  if (context.format === 'text') return texts.map(() => [])
  const parts = beginnings(texts)
  const read = parts.map(readText)
  const hasLiquid = read.some(({ matched, cut: { pieces } }) =>
    pieces.some((piece, index) => !matched[index] && isLiquid(piece)),
  )
  return read.map(({ cut, matched }, index) => {
    const found = findingsOf(cut, matched, hasLiquid, context)
    return parts[index] === texts[index] ? found : found.map(withoutFix)
  })
}

function beginnings(texts: readonly string[]): string[] {
  let left = MOST_SEARCHED
  return texts.map((text) => {
    const part = text.slice(0, left)
    left -= part.length
    return part
  })
}

interface ReadText {
  cut: Cut
  /** For each pair of braces the row that it matches. */
  matched: (Matched | undefined)[]
}
interface Matched {
  row: Row
  groups: string[]
}

function readText(text: string): ReadText {
  const parts = cut(text)
  return { cut: parts, matched: parts.pieces.map((piece) => matchOf(piece, text)) }
}

function matchOf(piece: Piece, text: string): Matched | undefined {
  for (const row of piece.kind === 'output' ? OUTPUT_ROWS : TAG_ROWS) {
    const found = row.pattern.exec(piece.code)
    if (found === null) continue
    const groups = (found.indices ?? []).map((span) =>
      span === undefined ? '' : text.slice(piece.inner[0] + span[0], piece.inner[0] + span[1]),
    )
    return { row, groups }
  }
  return undefined
}

/** Whether somebody who wrote this knows how it is done here. */
function isLiquid({ kind, code }: Piece): boolean {
  if (kind === 'tag') return TAG_NAMES.includes(/^\w+/.exec(code)?.[0] ?? '')
  return /^[A-Za-z]\w*(?:\.\w+|\[[^\]]*\])*\s*(?:\|[^]*)?$/.test(code)
}

function findingsOf(
  cut: Cut,
  matched: ReadText['matched'],
  hasLiquid: boolean,
  { kind, declared }: DialectContext,
): Finding[] {
  const soundness = new Soundness(cut.text)
  const format = pythonFormat(cut, (index) => {
    const [piece, match] = [cut.pieces[index], matched[index]]
    if (piece?.kind !== 'output') return false
    return match ? match.row.code === 'literal_json' : !soundness.canRead(piece, cut.text)
  })
  const found = [
    ...(kind === 'text' ? [...frontMatter(cut), ...roleMarks(cut)] : []),
    ...format,
    ...workflowExpressions(cut),
    ...quotedTemplates(cut),
    ...byRow(cut, matched, soundness),
    ...foreignValues(cut),
    ...foreignLoop(cut),
    ...lengths(cut),
    ...jinjaComments(cut),
    ...(format.length > 0 ? [] : fStrings(cut, hasLiquid, declared)),
    ...placeholders(cut, hasLiquid, declared),
  ]
  return found.map((finding) => (isOffered(finding.fix, soundness) ? finding : withoutFix(finding)))
}

/** One finding for each row that something in braces matches. */
function byRow(cut: Cut, matched: ReadText['matched'], soundness: Soundness): Finding[] {
  const byCode = new Map<string, { finding: Finding; edits: TextEdit[] }>()
  for (const [index, match] of matched.entries()) {
    const piece = cut.pieces[index]
    if (match === undefined || piece === undefined) continue
    const { row, groups } = match
    const source = cut.text.slice(...piece.inner)
    const detail = { piece, source, groups }
    const known = byCode.get(row.code) ?? { finding: findingOf(row, detail, cut), edits: [] }
    if (!byCode.has(row.code)) byCode.set(row.code, known)
    else known.finding.places.push(piece)
    const edit = editOf(row, detail, cut, soundness)
    if (edit) known.edits.push(edit)
  }
  return [...byCode.values()].map(({ finding, edits }) => ({
    ...finding,
    ...fixOf(finding, edits, matched, cut),
  }))
}

function findingOf(row: Row, match: Match, { text }: Cut): Finding {
  const { piece } = match
  const written = text.slice(piece.start, Math.min(piece.end, piece.start + 80))
  return {
    code: row.code,
    places: [piece],
    message: row.seen?.(match) ?? `${written} is ${row.dialect}`,
    hint: row.write(match),
    warns: row.warns === true,
  }
}

/** Most constructs that one pair of braces has at once. */
const MOST_CHANGES = 4

/** What takes the place of a pair of braces; what it holds may be foreign in more than one way. */
function editOf(row: Row, match: Match, { text }: Cut, soundness: Soundness): TextEdit | undefined {
  const { start, end } = match.piece
  const to = end + (row.fix?.whole === true && match.source.startsWith('{') && text[end] === '}' ? 1 : 0)
  let made = changed(row, match, text.slice(start, to))
  for (let count = 1; made !== undefined && count <= MOST_CHANGES; count++) {
    if (soundness.allowsPiece(text.slice(start, to), made)) return { from: start, to, insert: made }
    const {
      pieces: [piece, ...more],
    } = cut(made)
    const next = piece && more.length === 0 ? matchOf(piece, made) : undefined
    if (piece === undefined || next === undefined) return undefined
    const source = made.slice(...piece.inner)
    made = changed(next.row, { piece: { ...piece, start: 0 }, source, groups: next.groups }, made)
  }
  return undefined
}

/** A pair of braces after the change of a row. */
function changed({ fix }: Row, match: Match, written: string): string | undefined {
  const { start, inner } = match.piece
  const insert = fix?.make(match)
  if (insert === undefined || fix?.whole === true) return insert
  return written.slice(0, inner[0] - start) + insert + written.slice(inner[1] - start)
}

function fixOf(finding: Finding, edits: TextEdit[], matched: ReadText['matched'], cut: Cut): { fix?: Fix } {
  const { code } = finding
  if (code === 'handlebars' || code === 'mustache_section') {
    const rewritten = fromHandlebars(cut)
    return rewritten === undefined ? {} : { fix: { label: handlebarsLabel(cut.text), edits: rewritten } }
  }
  if (code === 'literal_json') {
    const spans = finding.places.map(({ start, end }) => ({ start, end: endOfBraces(cut.text, end) }))
    return { fix: { label: WRAP_IN_RAW, edits: rawAround(spans) } }
  }
  const label = matched.find((match) => match?.row.code === code && match.row.fix)?.row.fix?.label
  return label === undefined ? {} : { fix: { label, edits } }
}

function endOfBraces(text: string, from: number): number {
  let end = from
  while (text[end] === '}') end++
  return end
}

function withoutFix(finding: Finding): Finding {
  const { fix: _, ...rest } = finding
  return rest
}

function isOffered(fix: Fix | undefined, soundness: Soundness): boolean {
  const count = fix?.messages?.length ?? fix?.edits?.length ?? 0
  return fix !== undefined && count > 0 && count <= MOST_EDITS && soundness.allows(fix)
}

/** The edits that keep what stands at an offset as it is: the pair of braces there, or the two that open it. */
export function rawFix(text: string, start: number): Fix {
  const piece = cut(text).pieces.find((each) => each.start <= start && start < each.end)
  const open = piece ? -1 : openingBefore(text, start)
  const span = piece
    ? { start: piece.start, end: endOfBraces(text, piece.end) }
    : { start: open, end: open + 2 }
  return { label: WRAP_IN_RAW, edits: span.start < 0 ? [] : rawAround([span]) }
}

function openingBefore(text: string, start: number): number {
  return Math.max(text.lastIndexOf('{{', start), text.lastIndexOf('{%', start))
}
