'use client'

import type { ReactNode } from 'react'
import { useDensityChoice } from '#components/rows/density.tsx'
import { THEMES, useThemeChoice } from '#components/shell/theme-menu.tsx'
import { Segments } from '#components/ui/segments.tsx'
import { SectionHead } from './section-head.tsx'

const USUAL = 'usual'
const DENSITIES = [
  { id: USUAL, label: 'By list' },
  { id: 'comfortable', label: 'Roomy' },
  { id: 'compact', label: 'Compact' },
]

/** How the workbench looks in this browser. */
export function Appearance() {
  const [theme, setTheme] = useThemeChoice()
  const [density, setDensity] = useDensityChoice()
  return (
    <section aria-labelledby="appearance">
      <SectionHead id="appearance" title="Appearance">
        Kept in this browser, for everybody who uses it.
      </SectionHead>
      <Choice name="Theme" hint="System follows the light and dark of this machine.">
        <Segments
          name="Theme"
          segments={THEMES.map(({ id, name }) => ({ id, label: name }))}
          value={theme}
          onChange={setTheme}
        />
      </Choice>
      <Choice
        name="Density of lists"
        hint="Compact lists show one line a row. By list: each keeps what you choose there."
      >
        <Segments
          name="Density of lists"
          segments={DENSITIES}
          value={density ?? USUAL}
          onChange={(id) => setDensity(id === 'compact' || id === 'comfortable' ? id : undefined)}
        />
      </Choice>
    </section>
  )
}

function Choice({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 border-line border-b py-5">
      <div>
        <h3 className="font-medium text-sm">{name}</h3>
        <p className="mt-0.5 text-ink-faint text-xs">{hint}</p>
      </div>
      {children}
    </div>
  )
}
