import { classNames } from '#components/ui/class-names.ts'
import type { Quota } from './words.ts'

/** From here on it is worth a look. */
const NEARLY = 0.9

/** How much of a quota is spent, as a text and as a bar. */
export function QuotaBar({ quota }: { quota: Quota }) {
  const { name, used, allowed, text } = quota
  const share = allowed === 0 ? 1 : used / allowed
  const percent = Math.floor(share * 100)
  return (
    <div>
      <p className="flex justify-between gap-3 text-xs tabular-nums">
        <span>{text}</span>
        <span className={share >= NEARLY ? 'font-medium text-rubric' : 'text-ink-faint'}>
          {share >= 1 ? `${name} quota used up` : `${percent} %`}
        </span>
      </p>
      <div aria-hidden="true" className="mt-1 h-1.5 overflow-hidden rounded-full bg-hover">
        <div
          className={classNames('h-full rounded-full', share >= NEARLY ? 'bg-rubric' : 'bg-lapis')}
          style={{ width: `${Math.min(100, share * 100)}%` }}
        />
      </div>
    </div>
  )
}
