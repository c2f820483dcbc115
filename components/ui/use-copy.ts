'use client'

import { useCallback, useEffect, useState } from 'react'
import { writeClipboard } from './clipboard.ts'

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
