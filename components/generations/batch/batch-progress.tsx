'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatNumber } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import type { GenerationBatch } from '#lib/generations/schema.ts'
import { call } from '#lib/rest/client.ts'
import { formatCost } from '../format-generation.ts'
import { type BatchShare, batchShares, batchWords, finishedOf } from './batch-words.ts'

const COLOURS: Record<BatchShare['status'], string> = {
  succeeded: 'bg-moss',
  failed: 'bg-rubric',
  cancelled: 'bg-line-strong',
}

/** How far a batch is, as a bar and in words, and the way to stop it. */
export function BatchProgress({
  batch,
  isChosen,
  onChoose,
}: {
  batch: GenerationBatch
  /** The list shows this batch alone. */
  isChosen: boolean
  onChoose: () => void
}) {
  const id = useId()
  const { prompt, version, total, cost } = batch
  const isGoingOn = batch.finished_at === null
  return (
    <li className="flex flex-col gap-2 border-line border-b py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 id={id} className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">
          {prompt}
        </h3>
        <Badge>v{version}</Badge>
        <p className="text-ink-faint text-xs">{formatNumber(total)} in this batch</p>
        <div className="ml-auto flex gap-2">
          {!isChosen && (
            <Button look="quiet" aria-describedby={id} onPress={onChoose}>
              Show it alone
            </Button>
          )}
          {isGoingOn && <StopBatch batch={batch} describedBy={id} />}
        </div>
      </div>
      <progress
        aria-labelledby={id}
        aria-valuetext={batchWords(batch)}
        max={total}
        value={finishedOf(batch)}
        className="sr-only"
      />
      <div aria-hidden="true" className="flex h-1.5 gap-px overflow-hidden rounded-full bg-hover">
        {batchShares(batch).map(({ status, percent }) => (
          <span
            key={status}
            style={{ width: `${percent}%` }}
            className={`transition-[width] duration-300 ${COLOURS[status]}`}
          />
        ))}
      </div>
      <p className="flex flex-wrap gap-x-4 text-ink-soft text-xs tabular-nums">
        {batchWords(batch)}
        {cost !== null && <span className="text-ink-faint">{formatCost(cost)} so far</span>}
      </p>
    </li>
  )
}

function StopBatch({ batch, describedBy }: { batch: GenerationBatch; describedBy: string }) {
  const queries = useQueryClient()
  const stop = useMutation({
    mutationFn: () => call('POST /api/generations/batch/{id}/cancel', { params: { id: batch.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['generations'] }),
    onError: (error) =>
      showToast({
        tone: 'failure',
        message: 'The batch was not stopped.',
        detail: error.message,
        action: { label: 'Retry', run: () => stop.mutate() },
      }),
  })
  const isStopping = stop.isPending || stop.isSuccess || batch.cancel_requested_at !== null
  return (
    <Button
      look="outline"
      aria-describedby={describedBy}
      isDisabled={isStopping}
      onPress={() => stop.mutate()}
    >
      {isStopping ? 'Stopping …' : 'Stop the rest'}
    </Button>
  )
}
