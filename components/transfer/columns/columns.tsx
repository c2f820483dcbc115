'use client'

import { useQuery } from '@tanstack/react-query'
import { LabelledSelect } from '#components/ui/overlays/labelled-select.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import type { BroughtFile } from '../brought/brought.ts'
import type { Import } from '../plan/use-import.ts'
import { isTablePath, readTableHead, type TableHead } from './table-head.ts'

/** What columns can hold, by the names that the plan has for it. */
const PARTS = [
  { id: 'name', label: 'Name' },
  { id: 'text', label: 'Text' },
  { id: 'title', label: 'Title' },
  { id: 'description', label: 'Description' },
  { id: 'category', label: 'Category' },
  { id: 'tags', label: 'Tags' },
]
const AUTO = ''
/** Of the file: its head and some rows are in there. */
const BEGINNING = 65_536

/** Which columns of a table hold what, where a table was brought. */
export function Columns({ now: { brought, wishes, wish } }: { now: Import }) {
  const file = brought.files.find(({ path }) => isTablePath(path))
  const head = useHead(file)
  if (file === undefined || head === undefined || head.names.length === 0) return null
  const chosen = wishes.columns ?? {}
  const choose = (part: string, column: string) => {
    const { [part]: _, ...others } = chosen
    const columns = column === AUTO ? others : { ...others, [part]: column }
    wish({ columns: Object.keys(columns).length === 0 ? undefined : columns })
  }
  const choices = [
    { id: AUTO, label: 'As recognized' },
    ...head.names.filter((name) => name !== '').map((name) => ({ id: name, label: name })),
  ]
  return (
    <details className="rounded-lg border border-line" open={wishes.columns !== undefined}>
      <summary className="cursor-pointer rounded-lg px-4 py-2.5 font-medium text-sm">
        Columns of {file.path}
        <span className="ml-2 font-normal text-ink-faint text-xs">{head.names.join(', ')}</span>
      </summary>
      <div className="flex flex-col gap-4 px-4 pb-4">
        <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-6">
          {PARTS.map((part) => (
            <LabelledSelect
              key={part.id}
              label={part.label}
              choices={choices}
              value={chosen[part.id] ?? AUTO}
              onChange={(column) => choose(part.id, column)}
            />
          ))}
        </div>
        <Preview head={head} />
      </div>
    </details>
  )
}

function Preview({ head: { names, rows } }: { head: TableHead }) {
  return (
    <ScrollRegion name="The first rows" className="overflow-x-auto">
      <table aria-label="The first rows" className="w-full text-left text-xs">
        <thead>
          <tr className="border-line border-b text-ink-faint">
            {names.map((name, at) => (
              // Two columns may have one name.
              <th key={at} scope="col" className="py-1 pr-4 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} className="max-w-64 truncate py-1 pr-4 text-ink-soft">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

function useHead(file: BroughtFile | undefined): TableHead | undefined {
  return useQuery({
    queryKey: ['imports', 'head', file?.path, file?.blob.size],
    queryFn: async () => readTableHead((await file?.blob.slice(0, BEGINNING).text()) ?? '', file?.path ?? ''),
    enabled: file !== undefined,
    gcTime: 0,
  }).data
}
