import { classNames } from './class-names.ts'

/** The looks that a button, and a link that stands for one, can have. */
export type ButtonLook = 'primary' | 'outline' | 'quiet'

const LOOKS: Record<ButtonLook, string> = {
  primary: 'border-transparent bg-fill text-on-fill hover:bg-fill-hover',
  outline: 'border-line-strong bg-surface text-ink hover:bg-hover',
  quiet: 'border-transparent bg-transparent text-ink-soft hover:bg-hover hover:text-ink',
}

/** Classes of a button; `square` is for a lone icon. Every size is at least 32 px in both directions. */
export function buttonClass(look: ButtonLook = 'outline', square = false): string {
  return classNames(
    'inline-flex h-8 shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border',
    'font-medium text-sm transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50',
    'aria-disabled:cursor-not-allowed aria-disabled:opacity-50',
    '[&_svg]:size-4 [&_svg]:shrink-0',
    square ? 'w-8' : 'px-3',
    LOOKS[look],
  )
}
