'use client'

import { Chords, useIsMac } from '#components/ui/kbd.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { grouped, keysOf } from './action-store.ts'
import { useOfferedActions } from './actions.tsx'
import { shownKeys } from './keys.ts'

/** The keys of the actions that this page offers now. */
export default function ShortcutSheet({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const isMac = useIsMac()
  const groups = grouped(useOfferedActions().filter((action) => keysOf(action).length > 0))
  return (
    <Dialog title="Keys" isOpen={isOpen} onOpenChange={onOpenChange}>
      <div className="flex flex-col gap-6">
        {groups.map(({ group, actions }) => (
          <section key={group}>
            <h3 className="mb-2 font-medium text-ink-faint text-xs">{group}</h3>
            <dl className="flex flex-col gap-2 text-sm">
              {actions.map((action) => (
                <div key={action.id} className="flex items-baseline justify-between gap-4">
                  <dt className="text-ink-soft">{action.name}</dt>
                  <dd className="flex shrink-0 flex-wrap justify-end gap-2">
                    {keysOf(action).map((keys) => (
                      <Chords key={keys} chords={shownKeys(keys, isMac)} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="text-sm">
          <a href="/docs" target="_blank" rel="noopener" className="text-lapis underline underline-offset-4">
            Documentation
          </a>
        </p>
      </div>
    </Dialog>
  )
}
