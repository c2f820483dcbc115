'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Archive } from 'lucide-react'
import Link from 'next/link'
import { useReasonAgainst } from '#components/access/person.tsx'
import { timeWords } from '#components/spans/time-words.ts'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { BulkPromptsInput } from '#lib/prompts/bulk-schema.ts'
import { call } from '#lib/rest/client.ts'
import { RANKING_ROWS_MAX } from '#lib/usage/rules.ts'
import type { Stats } from '#lib/usage/schema.ts'
import { BrokenName, DataTable, type ShownColumn, TableFiles } from './data-table.tsx'
import { readRankings } from './queries.ts'

type Unused = Stats['unused']['items'][number]

/** Prompts that nobody used in this span, with the way to put them away. */
export function UnusedPrompts({ stats, zone }: { stats: Stats; zone: string }) {
  const { from, to, unused } = stats
  const archive = useArchive()
  const reason = useReasonAgainst('prompts:write')
  const columns = columnsOf(zone, (name) => archive.mutate(name), reason)
  const isCut = unused.total > unused.items.length
  const readMore = async () => (await readRankings({ from, to })).unused.items
  return (
    <section aria-labelledby="unused-heading">
      <div className="mb-1 flex flex-wrap items-center gap-x-4">
        <h2 id="unused-heading" className="font-serif text-2xl">
          Not used
        </h2>
        <div className="-mr-2 ml-auto print:hidden">
          <TableFiles
            name="Prompts not used"
            fileName="prompts-not-used"
            columns={columns}
            rows={unused.items}
            more={isCut ? { most: RANKING_ROWS_MAX, read: readMore } : undefined}
          />
        </div>
      </div>
      <p className="mb-3 text-ink-soft text-sm">
        {unused.total === 0
          ? 'Every active prompt was used in this span.'
          : `${counted(unused.total, 'active prompt')} without a use in this span, longest unused first, whatever the filters. Archived, a prompt keeps its name and can be restored.`}
      </p>
      {unused.items.length > 0 && (
        <ScrollRegion name="Prompts not used, table" className="max-h-96 overflow-auto">
          <DataTable
            name="Prompts not used"
            columns={columns}
            rows={unused.items}
            rowKey={({ name }) => name}
          />
        </ScrollRegion>
      )}
      {isCut && (
        <p className="mt-2 text-ink-faint text-xs">
          These are the first {unused.items.length}; the files have{' '}
          {unused.total > RANKING_ROWS_MAX ? `the first ${RANKING_ROWS_MAX}` : 'all'}.
        </p>
      )}
    </section>
  )
}

function columnsOf(
  zone: string,
  onArchive: (name: string) => void,
  reason: string | undefined,
): ShownColumn<Unused>[] {
  const { moment } = timeWords(zone)
  return [
    {
      key: 'name',
      name: 'Prompt',
      value: ({ name }) => name,
      show: ({ name, title }) => (
        <Link
          href={`/prompts/${name}`}
          prefetch={false}
          className="block min-h-6 rounded underline-offset-4 hover:text-rubric hover:underline"
        >
          {title || name}
          {title && (
            <span className="block font-mono text-ink-faint text-xs [overflow-wrap:anywhere]">
              <BrokenName name={name} />
            </span>
          )}
        </Link>
      ),
    },
    {
      key: 'last_used_at',
      name: 'Last used',
      value: ({ last_used_at: at }) => at,
      show: ({ last_used_at: at }) => (at === null ? 'never' : <time dateTime={at}>{moment(at)}</time>),
    },
    {
      key: 'created_at',
      name: 'Created',
      value: ({ created_at: at }) => at,
      show: ({ created_at: at }) => <time dateTime={at}>{moment(at)}</time>,
    },
    {
      key: 'archive',
      name: 'Archive',
      value: () => null,
      isAction: true,
      show: ({ name }) => (
        <Button
          look="quiet"
          className="-ml-3"
          aria-label={`Archive ${name}`}
          reason={reason}
          onPress={() => onArchive(name)}
        >
          <Archive aria-hidden="true" />
          Archive
        </Button>
      ),
    },
  ]
}

const change = (body: BulkPromptsInput) =>
  call('POST /api/prompts/bulk', { body, idempotencyKey: crypto.randomUUID() })

/** Archives a prompt at once and offers to take it back. */
function useArchive() {
  const queries = useQueryClient()
  const readAgain = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['usage'] }),
      queries.invalidateQueries({ queryKey: ['prompts'] }),
    ])
  return useMutation({
    mutationFn: async (name: string) => {
      const answer = await change({ names: [name], patch: { archived: true } })
      const problem = answer.items[0]?.problem
      if (problem) throw new Error(problem.detail)
      return answer
    },
    onSuccess: ({ undo }, name) => {
      const restore = async () => {
        for (const body of undo) await change(body)
        await readAgain()
      }
      const fail = (error: Error) =>
        showToast({ message: `${name} could not be restored`, detail: error.message, tone: 'failure' })
      showToast({
        message: `${name} is archived`,
        action: { label: 'Undo', run: () => void restore().catch(fail) },
      })
      return readAgain()
    },
    onError: (error, name) =>
      showToast({ message: `${name} could not be archived`, detail: error.message, tone: 'failure' }),
  })
}
