import Link from 'next/link'
import { formatCost } from '#components/generations/format-generation.ts'
import { classNames } from '#components/ui/class-names.ts'
import type { Figures } from '#lib/usage/schema.ts'
import {
  type Change,
  formatChange,
  formatCount,
  formatMs,
  formatShare,
  pointsOf,
  ratioOf,
} from './format-usage.ts'
import { nameOfCompared, nameOfSpanBefore } from './names.ts'
import type { Usage } from './queries.ts'
import { asInterval } from './time-lines.ts'

/** Whether more of it is better, worse, or neither. */
type Sense = 'better' | 'worse' | 'neither'

interface Figure {
  name: string
  show: (figures: Figures) => string
  change: (now: Figures, before: Figures) => Change | undefined
  sense: Sense
}

const FIGURES: Figure[] = [
  counted('Uses', 'uses', 'neither'),
  counted('Failed', 'failed', 'worse'),
  {
    name: 'Success',
    show: ({ success_rate: rate }) => formatShare(rate),
    change: (now, before) => pointsOf(now.success_rate, before.success_rate),
    sense: 'better',
  },
  timed('Median', 'p50_ms'),
  timed('95th percentile', 'p95_ms'),
  {
    name: 'Cost',
    show: ({ cost }) => formatCost(cost),
    change: (now, before) => ratioOf(now.cost, before.cost),
    sense: 'neither',
  },
  counted('Tokens', 'tokens', 'neither'),
]

function counted(name: string, key: 'uses' | 'failed' | 'tokens', sense: Sense): Figure {
  return {
    name,
    show: (figures) => formatCount(figures[key]),
    change: (now, before) => ratioOf(now[key], before[key]),
    sense,
  }
}

function timed(name: string, key: 'p50_ms' | 'p95_ms'): Figure {
  return {
    name,
    show: (figures) => formatMs(figures[key]),
    change: (now, before) => ratioOf(now[key], before[key]),
    sense: 'worse',
  }
}

/** Four above three, or two by two with the first across: no row has a hole. */
const WIDTHS = [
  'max-sm:col-span-2 sm:col-span-3 xl:col-span-1',
  ...Array<string>(3).fill('sm:col-span-3 xl:col-span-1'),
  ...Array<string>(3).fill('sm:col-span-4 xl:col-span-1'),
]

/** The figures of the whole span, each against another span; some lead to what they count. */
export function FigureRow({
  usage: { stats, series, compared },
  zone,
  hrefs,
}: {
  usage: Usage
  zone: string
  /** Where figures lead to, by their names. */
  hrefs: Readonly<Record<string, string>>
}) {
  const { totals } = stats
  const previous = compared?.totals ?? stats.previous
  const span = { ...stats, interval: asInterval(series.interval) }
  const before = compared === undefined ? nameOfSpanBefore(span) : nameOfCompared(span, compared.with, zone)
  return (
    <section aria-labelledby="figures-heading">
      <h2 id="figures-heading" className="sr-only">
        Figures
      </h2>
      <dl className="grid grid-cols-2 border-line border-t sm:grid-cols-12 xl:grid-cols-7">
        {FIGURES.map(({ name, show, change, sense }, index) => (
          <div key={name} className={classNames('border-line border-b py-4 pr-4', WIDTHS[index])}>
            <dt className="text-ink-faint text-xs">{name}</dt>
            <dd>
              <span className="block whitespace-nowrap font-serif text-[1.75rem] leading-10 sm:text-[2rem] tracking-tight tabular-nums">
                <FigureLink name={name} href={hrefs[name]}>
                  {show(totals)}
                </FigureLink>
              </span>
              {previous.uses > 0 && (
                <ChangeNote change={change(totals, previous)} sense={sense} before={show(previous)} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-ink-faint text-xs">
        {previous.uses === 0 ? `Nothing was used in ${before}.` : `Changes are against ${before}.`}
      </p>
    </section>
  )
}

/** A figure that leads to the list behind it, where there is one. */
function FigureLink({ name, href, children }: { name: string; href: string | undefined; children: string }) {
  if (href === undefined) return children
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={`${name} ${children}: show them`}
      className="rounded underline decoration-1 decoration-line-strong decoration-dotted underline-offset-8 hover:decoration-solid"
    >
      {children}
    </Link>
  )
}

function ChangeNote({ change, sense, before }: { change: Change | undefined; sense: Sense; before: string }) {
  if (change === undefined) return <span className="block text-ink-faint text-xs">nothing before</span>
  const shown = formatChange(change)
  const isSame = !/[1-9]/.test(shown)
  const isGood = sense === 'better' ? change.by > 0 : change.by < 0
  return (
    <span
      className={classNames(
        'block text-xs tabular-nums',
        isSame || sense === 'neither' ? 'text-ink-soft' : isGood ? 'text-moss' : 'text-rubric',
      )}
    >
      {isSame ? 'as before' : shown}
      <span className="text-ink-faint"> from {before}</span>
    </span>
  )
}
