'use client'

import { counted, formatMoment, formatNumber } from '#components/ui/format.ts'
import type { System } from '#lib/health/system-schema.ts'
import { formatLength, wordsOf } from './format-system.ts'
import { Fact, Facts, FactTable, Nothing, Part } from './parts.tsx'
import { PoisonedMessages } from './poisoned-messages.tsx'

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
        {outbox.messages.length > 0 && <PoisonedMessages messages={outbox.messages} />}
      </Part>
      <Upkeep steps={work.upkeep} checkedAt={checked_at} />
    </>
  )
}

function oldest(count: number, seconds: number): string {
  return count === 0 ? '' : `, the oldest for ${formatLength(seconds)}`
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
