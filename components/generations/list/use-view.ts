'use client'

import { useQueryStates } from 'nuqs'
import { type Density, useDensity } from '#components/rows/density.tsx'
import { viewParsers } from '../filters.ts'
import { COLUMNS, type GenerationColumn } from './columns.tsx'
import { useShownColumns } from './use-shown-columns.ts'

/** How the list is shown. */
export interface View {
  density: Density
  onDensity: (density: Density) => void
  columns: readonly GenerationColumn[]
  onColumns: (keys: readonly string[]) => void
  isLive: boolean
  onLive: (isLive: boolean) => void
}

/**
 * How the list is shown: as the address says, else as it was chosen last in this browser. A choice goes to both, so
 * that the address alone is the whole view.
 */
export function useView(): View {
  const [{ columns: named, density: wanted, live }, setView] = useQueryStates(viewParsers, {
    history: 'replace',
    scroll: false,
  })
  const [kept, keep] = useDensity('compact')
  const [chosen, choose] = useShownColumns()
  const keys = named?.split(',')
  return {
    density: wanted ?? kept,
    onDensity(density) {
      keep(density)
      void setView({ density })
    },
    columns: keys === undefined ? chosen : COLUMNS.filter(({ key }) => keys.includes(key)),
    onColumns(columns) {
      choose(columns)
      void setView({ columns: columns.length === 0 ? 'none' : columns.join(',') })
    },
    isLive: live === null,
    onLive: (isLive) => void setView({ live: isLive ? null : 'off' }),
  }
}
