'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'

const LeaveDialog = dialogPart(
  async () => (await import('./leave-dialog.tsx')).LeaveDialog,
  ({ onStay }) => onStay(),
)

/**
 * Asks before a page with unsaved changes is left: by a link of ours, or by closing the window. The browser's
 * Back is not held up: the draft is kept and offered again.
 */
export function LeaveGuard({ isDirty, onDiscard }: { isDirty: boolean; onDiscard: () => void }) {
  const router = useRouter()
  const [target, setTarget] = useState<string>()
  useEffect(() => {
    if (!isDirty) return
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const href = leadsAway(event)
      if (href === undefined) return
      event.preventDefault()
      event.stopPropagation()
      setTarget(href)
    }
    addEventListener('beforeunload', onUnload)
    addEventListener('click', onClick, { capture: true })
    return () => {
      removeEventListener('beforeunload', onUnload)
      removeEventListener('click', onClick, { capture: true })
    }
  }, [isDirty])
  if (target === undefined) return null
  const leave = () => {
    setTarget(undefined)
    router.push(target)
  }
  return (
    <LeaveDialog
      onStay={() => setTarget(undefined)}
      onLeave={leave}
      onDiscard={() => {
        onDiscard()
        leave()
      }}
    />
  )
}

/** The address of another page of ours that a plain click leads to in this window. */
function leadsAway(event: MouseEvent): string | undefined {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || link.origin !== location.origin)
    return undefined
  // It leads to where the same draft is written on.
  if (link.dataset.keepsDraft !== undefined) return undefined
  if (link.pathname === location.pathname && link.search === location.search) return undefined
  return link.pathname + link.search + link.hash
}
