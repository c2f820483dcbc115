'use client'

import { TriangleAlert, X } from 'lucide-react'
import { type RefObject, useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '../button.tsx'
import { classNames } from '../class-names.ts'
import { closeToast, shownToasts, type Toast, watchToasts } from '../toast.ts'

const NONE: readonly Toast[] = []

/**
 * Where toasts appear: over the page, so that nothing moves. F6 leads to the newest and back; Escape closes
 * it. While somebody is there, with the pointer or the focus, or the page is hidden, none goes by itself.
 */
export function ToastRegion() {
  const toasts = useSyncExternalStore(watchToasts, shownToasts, () => NONE)
  const region = useRef<HTMLElement>(null)
  const isHeld = useHeld(region)
  const goBack = useWayToAndBack(region, toasts)
  const isHidden = useHiddenPage()

  const newest = toasts.at(-1)
  return (
    <section
      ref={region}
      aria-label="Notifications"
      // React Aria leaves marked elements reachable while a dialog is open.
      data-react-aria-top-layer="true"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-60 flex flex-col items-center gap-2 p-4 print:hidden"
    >
      <output className="sr-only">{newest && heard(newest)}</output>
      <ol className="contents">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} isHeld={isHeld || isHidden} onClosed={goBack} />
        ))}
      </ol>
    </section>
  )
}

/** Whether the pointer or the focus is on a toast; Escape closes the one that has the focus. */
function useHeld(region: RefObject<HTMLElement | null>): boolean {
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    const element = region.current
    const onKeyDown = (event: KeyboardEvent) => {
      const toast = event.target instanceof Element ? event.target.closest('[data-toast]') : null
      if (event.key !== 'Escape' || !toast) return
      event.stopPropagation()
      closeToast(Number(toast.getAttribute('data-toast')))
    }
    const hold = () => setHeld(true)
    const release = () => setHeld(element?.matches(':hover, :focus-within') ?? false)
    const released = () => requestAnimationFrame(release)
    element?.addEventListener('keydown', onKeyDown)
    element?.addEventListener('pointerover', hold)
    element?.addEventListener('focusin', hold)
    element?.addEventListener('pointerout', released)
    element?.addEventListener('focusout', released)
    return () => {
      element?.removeEventListener('keydown', onKeyDown)
      element?.removeEventListener('pointerover', hold)
      element?.removeEventListener('focusin', hold)
      element?.removeEventListener('pointerout', released)
      element?.removeEventListener('focusout', released)
    }
  }, [region])
  // A toast that was closed under the pointer tells of nothing that leaves.
  const count = useSyncExternalStore(watchToasts, shownToasts, () => NONE).length
  return isHeld && count > 0
}

function heard({ message, detail, action }: Toast): string {
  const way = action ? `F6 leads to “${action.label}”.` : ''
  return [message, detail, way].filter(Boolean).join(' ')
}

function ToastCard({ toast, isHeld, onClosed }: { toast: Toast; isHeld: boolean; onClosed: () => void }) {
  const { id, message, detail, action, tone, shownFor } = toast
  const left = useRef(shownFor)
  useEffect(() => {
    if (isHeld || left.current === undefined) return
    const since = performance.now()
    const timer = setTimeout(() => closeToast(id), left.current)
    return () => {
      clearTimeout(timer)
      if (left.current !== undefined) left.current -= performance.now() - since
    }
  }, [id, isHeld])
  const close = () => {
    closeToast(id)
    onClosed()
  }
  return (
    <li
      data-toast={id}
      className="toast-in pointer-events-auto flex w-full max-w-md items-center gap-2 rounded-lg border border-line bg-surface py-2 pr-2 pl-4 text-sm shadow-float"
    >
      {tone === 'failure' && <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-rubric" />}
      <div className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
        <p className={classNames('text-ink', tone === 'failure' && 'font-medium')}>{message}</p>
        {detail && (
          <p className="mt-0.5 max-h-32 overflow-y-auto whitespace-pre-line text-ink-soft">{detail}</p>
        )}
      </div>
      {action && (
        <Button
          data-toast-action=""
          onPress={() => {
            close()
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <Button look="quiet" square aria-label={`Close: ${message}`} onPress={close}>
        <X aria-hidden="true" />
      </Button>
    </li>
  )
}

/** F6 goes to the newest toast and, from there, back to where the focus was; so does the end of the last one. */
function useWayToAndBack(region: RefObject<HTMLElement | null>, toasts: readonly Toast[]): () => void {
  const origin = useRef<HTMLElement | null>(null)
  const wasInside = useRef(false)
  const goBack = () => {
    if (origin.current?.isConnected) origin.current.focus()
    origin.current = null
  }
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'F6' || event.altKey || event.ctrlKey || event.metaKey) return
    const last = region.current?.querySelector<HTMLElement>('[data-toast]:last-of-type button')
    if (!last) return
    event.preventDefault()
    if (region.current?.contains(document.activeElement)) return goBack()
    origin.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
    last.focus()
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => onKeyDown(event)
    const onFocus = () => {
      wasInside.current = region.current?.contains(document.activeElement) ?? false
    }
    document.addEventListener('keydown', onKey)
    document.addEventListener('focusin', onFocus)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('focusin', onFocus)
    }
  }, [region])
  const afterChange = useEffectEvent(() => {
    if (!wasInside.current || document.activeElement !== document.body) return
    wasInside.current = false
    const next = region.current?.querySelector<HTMLElement>('[data-toast]:last-of-type button')
    if (next) next.focus()
    else goBack()
  })
  useEffect(() => {
    if (toasts) afterChange()
  }, [toasts])
  return goBack
}

function useHiddenPage(): boolean {
  return useSyncExternalStore(
    (changed) => {
      document.addEventListener('visibilitychange', changed)
      return () => document.removeEventListener('visibilitychange', changed)
    },
    () => document.hidden,
    () => false,
  )
}
