'use client'

import { type ComponentType, useEffect, useRef, useState } from 'react'
import { Button } from '../button.tsx'
import { PartMissing, part, REACHED } from '../part.ts'

/**
 * A dialog whose script comes after the page. When it cannot be fetched, that is said in its place, and it
 * opens by itself when the server is back; the page stays as it is.
 * @param onClose closes it, so that its opener can open it again
 */
export function dialogPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  onClose: (props: Props) => void,
): ComponentType<Props> {
  const get = part(load)
  let loaded: ComponentType<Props> | undefined
  return function DialogPart(props: Props) {
    const [Shown, setShown] = useState(() => loaded)
    const [missing, setMissing] = useState<PartMissing>()
    const [attempt, setAttempt] = useState(0)
    useEffect(() => {
      if (loaded !== undefined) return
      let isWanted = true
      const fetchIt = async () => {
        try {
          loaded = await get()
          if (isWanted) setShown(() => loaded)
        } catch (error) {
          if (isWanted) setMissing(error instanceof PartMissing ? error : new PartMissing(false, error))
        }
      }
      void fetchIt()
      const again = () => void fetchIt()
      window.addEventListener(REACHED, again)
      return () => {
        isWanted = false
        window.removeEventListener(REACHED, again)
      }
    }, [attempt])
    if (Shown) return <Shown {...props} />
    if (missing === undefined) return null
    return (
      <NotLoaded missing={missing} onRetry={() => setAttempt(attempt + 1)} onClose={() => onClose(props)} />
    )
  }
}

/** A native dialog: our own dialog may be the part that did not load. */
function NotLoaded({
  missing,
  onRetry,
  onClose,
}: {
  missing: PartMissing
  onRetry: () => void
  onClose: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  const { isOutdated, message } = missing
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-label="Not loaded"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-auto w-full max-w-md rounded-xl border border-line bg-surface p-5 text-ink shadow-float backdrop:bg-scrim"
    >
      <h2 className="font-serif text-2xl">{isOutdated ? 'Incipit was updated' : 'Not reached'}</h2>
      <p className="mt-4 text-ink-soft text-sm">
        {isOutdated
          ? message
          : 'The server is not reached. Nothing is lost, and this opens by itself when it is back.'}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onPress={onClose}>
          Close
        </Button>
        {isOutdated && (
          <Button look="outline" onPress={onRetry}>
            Try again
          </Button>
        )}
        <Button look="primary" onPress={isOutdated ? () => window.location.reload() : onRetry}>
          {isOutdated ? 'Load the page again' : 'Try again'}
        </Button>
      </div>
    </dialog>
  )
}
