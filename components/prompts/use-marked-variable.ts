'use client'

import { type RefObject, useEffect } from 'react'

/**
 * While a variable's field has the focus, its places in the source are marked. The source is text that the
 * server rendered beside the form, so they are found by their attribute.
 */
export function useMarkedVariable(form: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = form.current
    const mark = (event: FocusEvent) => {
      const field = event.target instanceof Element ? event.target.closest('[data-field-of]') : null
      markPlaces(field?.getAttribute('data-field-of') ?? undefined)
    }
    const unmark = () => markPlaces(undefined)
    element?.addEventListener('focusin', mark)
    element?.addEventListener('focusout', unmark)
    return () => {
      element?.removeEventListener('focusin', mark)
      element?.removeEventListener('focusout', unmark)
      unmark()
    }
  }, [form])
}

function markPlaces(name: string | undefined): void {
  for (const place of document.querySelectorAll('[data-variable]'))
    place.toggleAttribute('data-active', place.getAttribute('data-variable') === name)
}
