'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from '#components/ui/button.tsx'
import { counted, formatMoment, formatNumber } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import type { PoisonedMessage, System } from '#lib/health/system-schema.ts'
import { call } from '#lib/rest/client.ts'
import { formatLength, wordsOf } from './format-system.ts'
import { Fact, Facts, FactTable, Nothing, Part } from './parts.tsx'
import { systemQuery } from './queries.ts'

/** From this age on what waits is told to wait for too long. */
const OLD_SECONDS = 120

/** What is done in the background, of all instances. */
export function WorkFacts({ system }: { system: System }) {
  const { work, checked_at } = system
  if (work === null)
    return (
      <Part id="work" title="Work">
        <Nothing>The database does not answer.</Nothing>
      </Part>
    )
  const { queue, outbox } = work
  return (
    <>
      <Part id="work" title="Work">
        <Facts>
          <Fact name="Generations" isFine={queue.oldest_seconds < OLD_SECONDS}>
            {formatNumber(queue.queued)} queued{oldest(queue.queued, queue.oldest_seconds)},{' '}
            {formatNumber(queue.running)} running
          </Fact>
          <Fact name="Outbox" isFine={outbox.oldest_seconds < OLD_SECONDS && outbox.poisoned === 0}>
            {formatNumber(outbox.waiting)} waiting{oldest(outbox.waiting, outbox.oldest_seconds)}
            {outbox.poisoned > 0 && `, ${counted(outbox.poisoned, 'message')} refused again and again`}
          </Fact>
          <Fact name="Last backup">
            {work.last_backup_at === null
              ? 'none by npm run backup; those of other tools are not known'
              : formatMoment(work.last_backup_at)}
          </Fact>
        </Facts>
        {outbox.messages.length > 0 && <Poisoned messages={outbox.messages} />}
      </Part>
      <Upkeep steps={work.upkeep} checkedAt={checked_at} />
    </>
  )
}

function oldest(count: number, seconds: number): string {
  return count === 0 ? '' : `, the oldest for ${formatLength(seconds)}`
}

function Poisoned({ messages }: { messages: readonly PoisonedMessage[] }) {
  const queries = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: ({ id }: PoisonedMessage) => call('POST /api/system/outbox/{id}/resend', { params: { id } }),
    onSuccess: (_, { name }) => showToast({ message: `${name} is sent again.` }),
    onError: (error, { name }) =>
      showToast({ tone: 'failure', message: `${name} is not sent again.`, detail: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: systemQuery.queryKey }),
  })
  return (
    <div className="mt-4">
      <FactTable name="Messages that were refused" columns={['Message', 'About', 'Tries', 'To do']}>
        {messages.map((message) => (
          <tr key={message.id}>
            <th scope="row" className="font-normal">
              {message.name}
            </th>
            <td className="[overflow-wrap:anywhere]">{message.subject}</td>
            <td>{message.tries}</td>
            <td>
              <Button
                isDisabled={isPending}
                aria-label={`Send ${message.name} about ${message.subject} again`}
                onPress={() => mutate(message)}
              >
                Send again
              </Button>
            </td>
          </tr>
        ))}
      </FactTable>
    </div>
  )
}

type Steps = NonNullable<System['work']>['upkeep']

function Upkeep({ steps, checkedAt }: { steps: Steps; checkedAt: string }) {
  const seconds = (moment: string) => (Date.parse(moment) - Date.parse(checkedAt)) / 1000
  return (
    <Part
      id="upkeep"
      title="Upkeep"
      hint="What every instance sees to in turn. Failures are those of this instance since its start."
    >
      <FactTable name="Upkeep" columns={['Step', 'Every', 'Last', 'Next', 'Failures']}>
        {steps.map((step) => (
          <tr key={step.step}>
            <th scope="row" className="whitespace-nowrap font-normal">
              {wordsOf(step.step)}
            </th>
            <td className="whitespace-nowrap">{formatLength(step.every_ms / 1000)}</td>
            <td className="whitespace-nowrap" data-volatile>
              {step.last_at === null ? 'never' : `${formatLength(-seconds(step.last_at))} ago`}
              {step.late && <span className="text-rubric"> late</span>}
            </td>
            <td className="whitespace-nowrap" data-volatile>
              {step.next_at === null || seconds(step.next_at) <= 0
                ? 'at the next round'
                : `in ${formatLength(seconds(step.next_at))}`}
            </td>
            <td>{formatNumber(step.failures)}</td>
          </tr>
        ))}
      </FactTable>
    </Part>
  )
}
