'use client'

import { Rows2, Rows4 } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import type { Density } from './density.ts'

/** Turns lists between one line a row and all of each row. */
export function DensitySwitch({
  density,
  onChange,
}: {
  density: Density
  onChange: (density: Density) => void
}) {
  const isCompact = density === 'compact'
  const next = isCompact ? 'Show all of each row' : 'Show one line a row'
  return (
    <Button
      look="quiet"
      square
      aria-label="One line a row"
      aria-pressed={isCompact}
      onPress={() => onChange(isCompact ? 'comfortable' : 'compact')}
    >
      <span title={next} className="contents">
        {isCompact ? <Rows2 aria-hidden="true" /> : <Rows4 aria-hidden="true" />}
      </span>
    </Button>
  )
}
