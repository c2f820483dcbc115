'use client'

import { useEffect, useEffectEvent, useState } from 'react'

const TYPED_INTO = 'input, textarea, select, [contenteditable="true"], [role="dialog"] *'

/**
 * Takes files that are dropped anywhere on the page, and what is pasted outside of its fields.
 * @returns whether files are held over the page
 */
export function useFileDrop(
  onFiles: (transfer: DataTransfer) => void,
  onText: (text: string) => void,
): boolean {
  const [isOver, setOver] = useState(false)
  const drop = useEffectEvent(onFiles)
  const paste = useEffectEvent((event: ClipboardEvent) => {
    const { clipboardData: data, target } = event
    if (data === null || (target instanceof Element && target.closest(TYPED_INTO))) return
    if (data.files.length > 0) onFiles(data)
    else if (data.getData('text/plain').trim() !== '') onText(data.getData('text/plain'))
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const listen = (type: string, run: (event: DragEvent) => void) =>
      window.addEventListener(
        type,
        (event) => {
          if (!(event instanceof DragEvent) || !holdsFiles(event)) return
          // Else the browser would show the file in the place of the page.
          event.preventDefault()
          run(event)
        },
        { signal },
      )
    listen('dragenter', () => setOver(true))
    listen('dragover', () => setOver(true))
    listen('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false)
    })
    listen('drop', ({ dataTransfer }) => {
      setOver(false)
      if (dataTransfer !== null) drop(dataTransfer)
    })
    document.addEventListener('paste', (event) => paste(event), { signal })
    return () => stop.abort()
  }, [])
  return isOver
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
