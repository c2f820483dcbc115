'use client'

import { useMemo } from 'react'
import { Select } from '#components/ui/overlays/select.tsx'

/** Zones that are offered beside the reader's own; the address takes any other. */
const USUAL = [
  'UTC',
  'America/Los_Angeles',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Lagos',
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Australia/Sydney',
]

/** Whose days are meant. */
export function ZoneMenu({
  zone,
  own,
  onChange,
}: {
  zone: string
  /** The reader's own. */
  own: string
  onChange: (zone: string | null) => void
}) {
  const choices = useMemo(
    () =>
      [...new Set([own, zone, ...USUAL])].map((each) => ({
        id: each,
        label: each === own ? `${each} (yours)` : each,
      })),
    [own, zone],
  )
  return (
    <Select
      aria-label="Time zone"
      className="w-48"
      choices={choices}
      value={zone}
      onChange={(chosen) => onChange(chosen === own ? null : chosen)}
    />
  )
}
