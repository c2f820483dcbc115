'use client'

import {
  type CalendarDate,
  type DateValue,
  parseDate,
  parseDateTime,
  toCalendarDate,
  toCalendarDateTime,
} from '@internationalized/date'
import { type FormEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { DateField, DateInput, DateSegment } from 'react-aria-components/DateField'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { Label } from 'react-aria-components/Label'
import { Button } from '#components/ui/button.tsx'
import { FIELD_CLASS } from '#components/ui/field.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { daysBetween, isDay, MAX_DAYS } from './span.ts'
import { minuteText } from './span-parsers.ts'
import { momentIn, wallClock } from './wall-clock.ts'

/** How exactly a span can be chosen. */
export type Grain = 'hour' | 'minute'

const GRAIN_MS: Record<Grain, number> = { hour: 3_600_000, minute: 60_000 }
const EXACTLY: Record<Grain, string> = {
  hour: 'Up to whole hours',
  minute: 'To the minute, the last left out',
}

interface Ends {
  from: string
  to: string
}

interface CustomDaysProps {
  /** Two days, both included, or two times of UTC. */
  ends: Ends
  zone: string
  grain: Grain
  onChoose: (ends: Ends & { tz?: string }) => void
}

/** Two days, both included, or two times, as the clocks of a zone have them. */
export function CustomDays({ ends, zone, grain, onChoose }: CustomDaysProps) {
  const id = useId()
  const [isExact, setExact] = useState(!isDay(ends.from))
  const [from, setFrom] = useState<DateValue | null>(() => valueOf(ends.from, zone))
  const [to, setTo] = useState<DateValue | null>(() => valueOf(ends.to, zone))
  const [isChecked, setChecked] = useState(false)
  const [now] = useState(() => wallClock(new Date(), zone))
  const form = useRef<HTMLFormElement>(null)
  useDayKeys(form)
  const fault = faultOf(from?.toString(), to?.toString(), now)
  const choose = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (fault === undefined && from !== null && to !== null) onChoose(chosen(from, to, zone, GRAIN_MS[grain]))
  }
  const shownFault = isChecked ? fault : undefined
  const field = { isExact, errorId: shownFault && `${id}-fault` }
  return (
    // Days are written as everywhere on these pages.
    <I18nProvider locale="en-GB">
      <form ref={form} onSubmit={choose} className="flex flex-col gap-3">
        <Day {...field} label="From" value={from} onChange={setFrom} />
        <Day {...field} label="To" value={to} onChange={setTo} />
        <Switch
          isOn={isExact}
          onChange={(isOn) => {
            setExact(isOn)
            setFrom(from && (isOn ? toCalendarDateTime(from) : toCalendarDate(from)))
            setTo(to && (isOn ? toCalendarDateTime(to.add({ days: 1 })) : lastDay(to)))
          }}
        >
          To the {grain}
        </Switch>
        <p role="alert" id={`${id}-fault`} className={shownFault ? 'text-rubric text-xs' : 'hidden'}>
          {shownFault}
        </p>
        <p className="text-ink-faint text-xs">
          {isExact ? EXACTLY[grain] : 'Both days included'}, {zone} time.
        </p>
        <Button type="submit" look="primary">
          {isExact ? `Show these ${grain}s` : 'Show these days'}
        </Button>
      </form>
    </I18nProvider>
  )
}

function valueOf(end: string, zone: string): DateValue {
  return isDay(end) ? parseDate(end) : parseDateTime(wallClock(new Date(end), zone))
}

/** The day that a time belongs to, as the end of a span: midnight is the end of the day before. */
function lastDay(time: DateValue): CalendarDate {
  const day = toCalendarDate(time)
  return time.toString().includes('T00:00') ? day.subtract({ days: 1 }) : day
}

/** As the address has it: times are the whole units of UTC around what was chosen. */
function chosen(from: DateValue, to: DateValue, zone: string, unit: number): Ends & { tz?: string } {
  const start = momentIn(from.toString(), zone)
  const end = momentIn(to.toString(), zone)
  if (start === undefined || end === undefined) return { from: from.toString(), to: to.toString() }
  const around = (round: (units: number) => number, time: Date) =>
    minuteText(round(time.getTime() / unit) * unit)
  return { from: around(Math.floor, start), to: around(Math.ceil, end), tz: zone }
}

/** Focuses the first part of a day, and lets Enter submit the form. */
function useDayKeys(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const element = form.current
    // These fields come after the panel that they open in, which had nothing to give the focus to.
    element?.querySelector<HTMLElement>('[role=spinbutton]')?.focus()
    // The parts of a day are no inputs, from which Enter would submit by itself.
    const onKeyDown = (event: KeyboardEvent) => {
      const isPart = event.target instanceof Element && event.target.matches('[role=spinbutton]')
      if (event.key === 'Enter' && isPart) element?.requestSubmit()
    }
    element?.addEventListener('keydown', onKeyDown)
    return () => element?.removeEventListener('keydown', onKeyDown)
  }, [form])
}

function Day({
  label,
  value,
  isExact,
  onChange,
  errorId,
}: {
  label: string
  value: DateValue | null
  isExact: boolean
  onChange: (day: DateValue | null) => void
  errorId: string | undefined
}) {
  return (
    <DateField
      value={value}
      onChange={onChange}
      granularity={isExact ? 'minute' : 'day'}
      hourCycle={24}
      shouldForceLeadingZeros
      isInvalid={errorId !== undefined}
      aria-describedby={errorId}
      className="flex flex-col gap-1"
    >
      <Label className="font-medium text-sm">{label}</Label>
      <DateInput className={`${FIELD_CLASS} flex h-9 items-center data-focus-within:border-ink-faint`}>
        {(segment) => (
          <DateSegment
            segment={segment}
            className="rounded px-0.5 tabular-nums data-[type=literal]:text-ink-faint data-focused:bg-fill data-focused:text-on-fill data-placeholder:text-ink-faint data-focused:data-placeholder:text-on-fill"
          />
        )}
      </DateInput>
    </DateField>
  )
}

/**
 * The fault of the two days, or times, with its remedy.
 * @param now as the clocks of the zone show it
 */
function faultOf(from: string | undefined, to: string | undefined, now: string): string | undefined {
  if (from === undefined || to === undefined) return 'Fill in both ends.'
  const isExact = from.includes('T')
  if (!isExact && from > to) return 'The first day is after the last: swap them.'
  if (isExact && from >= to) return 'It ends before it begins: swap the two, or choose a later end.'
  if (from > now) return 'The beginning is still to come: choose today or earlier.'
  if (from < '2000-01-01') return 'The first day is too far back: write the year with four digits.'
  if (daysBetween(from.slice(0, 10), to.slice(0, 10)) >= MAX_DAYS)
    return `That is more than ${MAX_DAYS} days: choose fewer.`
  return undefined
}
