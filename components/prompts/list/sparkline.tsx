import { counted } from '#components/ui/format.ts'

const WIDTH = 56
const HEIGHT = 16

/** Uses of a prompt on each of the last days as small bars; readers hear the sum. */
export function Sparkline({ counts }: { counts: readonly number[] }) {
  const sum = counts.reduce((total, count) => total + count, 0)
  const most = Math.max(...counts, 1)
  const step = WIDTH / counts.length
  const words = `${counted(sum, 'use')} in ${counts.length} days`
  return (
    <span title={words} className="inline-flex items-end">
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true" className="block">
        {counts.map((count, day) => {
          const height = count === 0 ? 1 : Math.max(2, (count / most) * HEIGHT)
          return (
            <rect
              key={`day ${day}`}
              x={day * step}
              y={HEIGHT - height}
              width={step - 1}
              height={height}
              className={count === 0 ? 'fill-line-strong' : 'fill-lapis'}
            />
          )
        })}
      </svg>
      <span className="sr-only">{words}</span>
    </span>
  )
}
