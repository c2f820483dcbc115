import { Check, CircleDashed, CircleStop, LoaderCircle, X } from 'lucide-react'
import { classNames } from '#components/ui/class-names.ts'
import type { GenerationStatus } from '#lib/generations/status.ts'

export const STATUS_NAMES: Record<GenerationStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Stopped',
}

const LOOKS: Record<GenerationStatus, { Icon: typeof Check; className: string }> = {
  queued: { Icon: CircleDashed, className: 'text-ink-faint' },
  running: { Icon: LoaderCircle, className: 'text-lapis' },
  succeeded: { Icon: Check, className: 'text-moss' },
  failed: { Icon: X, className: 'text-rubric' },
  cancelled: { Icon: CircleStop, className: 'text-ink-faint' },
}

/** How a generation stands: a sign and its word. */
export function StatusMark({
  status,
  isWordless = false,
}: {
  status: GenerationStatus
  isWordless?: boolean
}) {
  const { Icon, className } = LOOKS[status]
  return (
    <span className={classNames('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <Icon
        aria-hidden="true"
        className={classNames('size-4 shrink-0', status === 'running' && 'animate-spin')}
      />
      <span className={isWordless ? 'sr-only' : undefined}>{STATUS_NAMES[status]}</span>
    </span>
  )
}
