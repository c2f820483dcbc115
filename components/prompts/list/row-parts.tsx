import { Ellipsis } from 'lucide-react'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import type { PromptRowProps } from './prompt-row.tsx'
import { isShiftClick } from './use-selection.ts'

/* The parts of a row in both densities. */

/** Selects the row; Shift selects all rows up to it. Keys act on the row itself, so it takes no focus. */
export function RowCheckbox({
  prompt: { name, title },
  isSelected,
  onSelect,
  className,
}: Pick<PromptRowProps, 'prompt' | 'isSelected' | 'onSelect'> & { className?: string }) {
  return (
    <label className={classNames('relative z-1 -m-1.5 grid size-9 shrink-0 place-items-center', className)}>
      <span className="sr-only">Select {title || name}</span>
      <input
        type="checkbox"
        tabIndex={-1}
        checked={isSelected}
        onChange={(event) => onSelect(name, isShiftClick(event.nativeEvent))}
        className="size-4 accent-(--lapis) opacity-60 checked:opacity-100 group-hover:opacity-100 group-focus-within:opacity-100"
      />
    </label>
  )
}

/** Opens the menu of the row's prompt. */
export function RowMenuButton({ prompt, onMenu }: Pick<PromptRowProps, 'prompt' | 'onMenu'>) {
  return (
    <button
      type="button"
      aria-label={`Actions for ${prompt.title || prompt.name}`}
      aria-haspopup="menu"
      onClick={(event) => onMenu(prompt, event.currentTarget)}
      className="relative z-1 -mr-1.5 grid size-8 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"
    >
      <Ellipsis aria-hidden="true" className="size-4" />
    </button>
  )
}

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
