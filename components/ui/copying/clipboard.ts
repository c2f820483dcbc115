'use client'

import { useCallback, useEffect, useState } from 'react'

/**
 * Puts a text on the clipboard. The clipboard interface exists in secure contexts alone, which a plain
 * http address other than localhost is not; there the older command still works.
 * @returns whether it worked
 */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  const focused = document.activeElement
  area.value = text
  area.setAttribute('readonly', '')
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const worked = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return worked
}

const SHOWN_MS = 1600

/** Copies to the clipboard; `copied` is true for a moment after it worked. */
export function useCopy(): { copied: boolean; copy: (text: string) => void } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = useCallback((text: string) => {
    void writeClipboard(text).then(setCopied)
  }, [])
  return { copied, copy }
}
