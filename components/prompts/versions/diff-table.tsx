'use client'

import { UnfoldVertical } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import type { DiffLine } from '#lib/prompts/comparison/diff.ts'
import { type Fold, foldRows, type PairedRow, pairLines } from './diff-rows.ts'

/** Names of the two versions that are compared, for the heads of the columns. */
export interface Sides {
  older: string
  newer: string
}

interface Props {
  lines: readonly DiffLine[]
  sides: Sides
  /** The field that is compared. */
  caption: string
}

const TABLE = 'w-full table-fixed border-collapse font-mono text-sm leading-[1.65]'
const NUMBER = 'select-none px-2 text-right align-top text-2xs leading-[1.9] text-ink-faint'
/** On a phone there is no room for numbers; the columns stay, as folds span them. */
const NO_NUMBER = 'max-sm:p-0 max-sm:text-[0px]'
const TEXT = 'whitespace-pre-wrap px-2 align-top [overflow-wrap:anywhere]'

/** Both versions in one column: removed lines above added ones. */
export function UnifiedTable({ lines, sides, caption }: Props) {
  const rows = foldRows(lines, ({ kind }) => kind !== 'same')
  return (
    <table className={TABLE}>
      <caption className="sr-only">{`${caption}, ${sides.older} to ${sides.newer}`}</caption>
      <colgroup>
        <col className="w-11 max-sm:w-px" />
        <col className="w-11 max-sm:w-px" />
        <col />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">{`Line in ${sides.older}`}</th>
          <th scope="col">{`Line in ${sides.newer}`}</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <FoldedRows rows={rows} columns={3}>
        {(line) => (
          <>
            <td className={classNames(NUMBER, NO_NUMBER)}>{line.old_line}</td>
            <td className={classNames(NUMBER, NO_NUMBER)}>{line.new_line}</td>
            <LineCell line={line} />
          </>
        )}
      </FoldedRows>
    </table>
  )
}

/** The older version at the left, the newer at the right. */
export function SplitTable({ lines, sides, caption }: Props) {
  const rows = foldRows(pairLines(lines), ({ older, newer }) => older !== newer)
  return (
    <table className={TABLE}>
      <caption className="sr-only">{`${caption}, side by side`}</caption>
      <colgroup>
        <col className="w-11" />
        <col />
        <col className="w-11" />
        <col />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Line</th>
          <th scope="col">{sides.older}</th>
          <th scope="col">Line</th>
          <th scope="col">{sides.newer}</th>
        </tr>
      </thead>
      <FoldedRows rows={rows} columns={4}>
        {({ older, newer }: PairedRow) => (
          <>
            <td className={NUMBER}>{older?.old_line}</td>
            <LineCell line={older} />
            <td className={classNames(NUMBER, 'border-line border-l')}>{newer?.new_line}</td>
            <LineCell line={newer} />
          </>
        )}
      </FoldedRows>
    </table>
  )
}

function LineCell({ line }: { line: DiffLine | undefined }) {
  const look = line === undefined ? 'bg-sunken' : LINE_LOOKS[line.kind].className
  return (
    <td className={classNames(TEXT, look)} data-change={line?.kind}>
      <LineText line={line} />
    </td>
  )
}

function LineText({ line }: { line: DiffLine | undefined }) {
  if (line === undefined) return null
  const { sign, heard } = LINE_LOOKS[line.kind]
  return (
    <span className="grid grid-cols-[1rem_minmax(0,1fr)]">
      <span aria-hidden="true" className="select-none text-ink-soft">
        {sign}
      </span>
      <span>
        {heard !== '' && <span className="sr-only">{heard}</span>}
        <ChangedWords line={line} />
      </span>
    </span>
  )
}

/** Takes the focus once, when folded rows appear: the pressed button is gone. */
function focusOnce(row: HTMLTableRowElement | null): void {
  row?.focus({ preventScroll: true })
}

function FoldedRows<Row>({
  rows,
  columns,
  children,
}: {
  rows: (Row | Fold<Row>)[]
  columns: number
  children: (row: Row) => ReactNode
}) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const isFold = (row: Row | Fold<Row>): row is Fold<Row> =>
    typeof row === 'object' && row !== null && 'rows' in row
  // A row has no other identity than its place in a comparison that never changes.
  return (
    <tbody>
      {rows.map((row, at) => {
        if (!isFold(row)) return <tr key={at}>{children(row)}</tr>
        if (opened.has(row.at))
          return row.rows.map((inner, index) => (
            <tr key={`${at}.${index}`} {...(index === 0 ? { ref: focusOnce, tabIndex: -1 } : {})}>
              {children(inner)}
            </tr>
          ))
        return (
          <tr key={at}>
            <td colSpan={columns} className="border-line border-y bg-sunken p-0">
              <button
                type="button"
                onClick={() => setOpened(new Set([...opened, row.at]))}
                className="flex min-h-7 w-full items-center gap-2 px-3 font-sans text-ink-soft text-xs hover:bg-hover hover:text-ink"
              >
                <UnfoldVertical aria-hidden="true" className="size-3.5" />
                {`Show ${counted(row.rows.length, 'unchanged line')}`}
              </button>
            </td>
          </tr>
        )
      })}
    </tbody>
  )
}

/** A line of a comparison, with the words marked that only its version has. */
function ChangedWords({ line }: { line: DiffLine }) {
  if (line.words === undefined) return line.text
  return line.words.map(({ kind, text }, at) => {
    // A run of words has no other identity than its place in a line that never changes.
    if (kind === 'added')
      return (
        <ins key={at} className="rounded-xs bg-added-mark no-underline">
          {text}
        </ins>
      )
    if (kind === 'removed')
      return (
        <del key={at} className="rounded-xs bg-removed-mark no-underline">
          {text}
        </del>
      )
    return text
  })
}

/** The colour of a line, and the word that screen readers say before it. */
const LINE_LOOKS = {
  same: { className: '', sign: ' ', heard: '' },
  added: { className: 'bg-added', sign: '+', heard: 'Added: ' },
  removed: { className: 'bg-removed', sign: '−', heard: 'Removed: ' },
} as const
