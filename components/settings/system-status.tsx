import { classNames } from '#components/ui/class-names.ts'
import type { Health, Readiness } from '#lib/health/schema.ts'
import { SectionHead } from './section-head.tsx'

/** How this instance is, as its health checks say. */
export function SystemStatus({
  health,
  readiness,
}: {
  health: Health
  readiness: Readiness & { checks: NonNullable<Readiness['checks']> }
}) {
  const { checks } = readiness
  return (
    <section aria-labelledby="system">
      <SectionHead id="system" title="System">
        This instance as monitors see it, at the time the page was opened.
      </SectionHead>
      <dl className="divide-y divide-line border-line border-b text-sm">
        <Line name="Status" isFine={health.status === 'healthy'}>
          {health.status}
        </Line>
        <Line name="Version">
          {health.service} {health.version}
        </Line>
        <Line name="Running for">
          <span data-volatile>{runningFor(health.uptime_seconds)}</span>
        </Line>
        <Line name="Database" isFine={checks.database === 'up'}>
          {checks.database === 'up' ? 'answers' : 'does not answer'}
        </Line>
        <Line name="Changes" isFine={checks.changes === 'ok' && checks.disk === 'ok'}>
          {checks.disk === 'full' ? 'the disk is full' : checks.changes === 'ok' ? 'are taken' : 'read-only'}
        </Line>
        <Line name="Change feed" isFine={checks.change_feed === 'listening'}>
          {checks.change_feed === 'listening' ? 'hears what other instances change' : 'away'}
        </Line>
        <Line name="Background work" isFine={health.background_work === 'up'}>
          {health.background_work === 'up' ? 'is done' : 'nobody does it: generations stay queued'}
        </Line>
      </dl>
    </section>
  )
}

function Line({ name, isFine, children }: { name: string; isFine?: boolean; children: React.ReactNode }) {
  return (
    <div className="grid gap-x-6 py-3 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="flex items-baseline gap-2">
        {isFine !== undefined && (
          <span
            aria-hidden="true"
            className={classNames('size-2 shrink-0 rounded-full', isFine ? 'bg-moss' : 'bg-rubric')}
          />
        )}
        {children}
      </dd>
    </div>
  )
}

function runningFor(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  )
  return days ? `${days} d ${hours} h` : hours ? `${hours} h ${minutes} min` : `${minutes} min`
}
