'use client'

import { type CalendarDate, parseDate } from '@internationalized/date'
import { type FormEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { DateField, DateInput, DateSegment } from 'react-aria-components/DateField'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { Label } from 'react-aria-components/Label'
import { Button } from '#components/ui/button.tsx'
import { FIELD_CLASS } from '#components/ui/field.tsx'
import { dayIn, daysBetween, MAX_DAYS } from '../span.ts'

interface Days {
  from: string
  to: string
}

/** Two days, both included, in the reader's time zone. */
export function CustomDays({
  days,
  zone,
  onChoose,
}: {
  days: Days
  zone: string
  onChoose: (days: Days) => void
}) {
  const id = useId()
  const [from, setFrom] = useState<CalendarDate | null>(() => parseDate(days.from))
  const [to, setTo] = useState<CalendarDate | null>(() => parseDate(days.to))
  const [isChecked, setChecked] = useState(false)
  const [today] = useState(() => dayIn(new Date(), zone))
  const form = useRef<HTMLFormElement>(null)
  useDayKeys(form)
  const fault = faultOf(from?.toString(), to?.toString(), today)
  const choose = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (fault === undefined && from !== null && to !== null)
      onChoose({ from: from.toString(), to: to.toString() })
  }
  const shownFault = isChecked ? fault : undefined
  return (
    // Days are written as everywhere on these pages.
    <I18nProvider locale="en-GB">
      <form ref={form} onSubmit={choose} className="flex flex-col gap-3">
        <Day label="From" value={from} onChange={setFrom} errorId={shownFault && `${id}-fault`} />
        <Day label="To" value={to} onChange={setTo} errorId={shownFault && `${id}-fault`} />
        <p role="alert" id={`${id}-fault`} className={shownFault ? 'text-rubric text-xs' : 'hidden'}>
          {shownFault}
        </p>
        <p className="text-ink-faint text-xs">Both days included, {zone} time.</p>
        <Button type="submit" look="primary">
          Show these days
        </Button>
      </form>
    </I18nProvider>
  )
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
  onChange,
  errorId,
}: {
  label: string
  value: CalendarDate | null
  onChange: (day: CalendarDate | null) => void
  errorId: string | undefined
}) {
  return (
    <DateField
      value={value}
      onChange={onChange}
      granularity="day"
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

/** The fault of the two days, with its remedy. */
function faultOf(from: string | undefined, to: string | undefined, today: string): string | undefined {
  if (from === undefined || to === undefined) return 'Fill in both days.'
  if (from > to) return 'The first day is after the last: swap them.'
  if (from > today) return 'The first day is still to come: choose today or earlier.'
  if (from < '2000-01-01') return 'The first day is too far back: write the year with four digits.'
  if (daysBetween(from, to) >= MAX_DAYS) return `That is more than ${MAX_DAYS} days: choose fewer.`
  return undefined
}
