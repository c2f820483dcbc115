import Link from 'next/link'
import { timeWords } from '#components/spans/time-words.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import type { UsageMark } from '#lib/usage/schema.ts'
import { MarkSign } from './charts/axes.tsx'
import { DataTable, type ShownColumn, TableFiles } from './data-table.tsx'
import { nameOfMark } from './time-lines.ts'

/** The events of the prompt in this span, newest first: the signs on the time line in words. */
export function MarkList({ name, marks, zone }: { name: string; marks: readonly UsageMark[]; zone: string }) {
  const columns = columnsOf(name, zone)
  const rows = marks.map((mark, index) => ({ ...mark, key: String(index) })).toReversed()
  return (
    <section aria-labelledby="marks-heading">
      <div className="mb-3 flex flex-wrap items-center gap-x-4">
        <h2 id="marks-heading" className="font-serif text-2xl">
          What changed
        </h2>
        <div className="-mr-2 ml-auto print:hidden">
          <TableFiles name="What changed" fileName={`${name}-changes`} columns={columns} rows={rows} />
        </div>
      </div>
      {marks.length === 0 ? (
        <p className="text-ink-soft text-sm">No version was saved and no label moved in this span.</p>
      ) : (
        <ScrollRegion name="What changed, table" className="max-h-96 overflow-auto">
          <DataTable name="What changed" columns={columns} rows={rows} rowKey={({ key }) => key} />
        </ScrollRegion>
      )}
    </section>
  )
}

function columnsOf(name: string, zone: string): ShownColumn<UsageMark>[] {
  const { moment } = timeWords(zone)
  return [
    {
      key: 'change',
      name: 'Change',
      value: nameOfMark,
      show: (mark) => (
        <span className="flex items-center gap-2">
          <MarkSign kind={mark.kind} />
          {mark.version === null ? (
            nameOfMark(mark)
          ) : (
            <Link
              href={`/prompts/${name}/versions`}
              prefetch={false}
              className="min-h-6 rounded underline-offset-4 hover:text-rubric hover:underline"
            >
              {nameOfMark(mark)}
            </Link>
          )}
        </span>
      ),
    },
    {
      key: 'time',
      name: 'Time',
      value: ({ time }) => time,
      show: ({ time }) => <time dateTime={time}>{moment(time)}</time>,
    },
    { key: 'actor', name: 'By', value: ({ actor }) => actor },
    {
      key: 'message',
      name: 'Message',
      value: ({ message }) => message,
      show: ({ message }) => <span className="block max-w-[60ch] truncate">{message}</span>,
    },
  ]
}
