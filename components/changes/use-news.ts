'use client'

import { useEffect, useEffectEvent, useRef } from 'react'
import { useChanges } from './changes-provider.tsx'
import { readWhenTold, type ToldReader } from './read-when-told.ts'

/**
 * Reads again what is shown of a topic when the server says that something of it is new, here or at another
 * instance. News may get lost: whoever shows them also looks now and then.
 * @param restMs how long to rest after a read at least
 */
export function useNews(topic: string, read: () => Promise<unknown>, restMs: number): void {
  const reader = useRef<ToldReader>(undefined)
  const readNow = useEffectEvent(read)
  const rest = useEffectEvent(() => restMs)
  useEffect(() => {
    const own = readWhenTold(
      () => readNow(),
      () => rest(),
    )
    reader.current = own
    return () => own.end()
  }, [])
  useChanges((heard) => {
    // What was new before the stream was open has been told to nobody here.
    const isNew =
      heard.type === 'news' ? heard.topic === topic : heard.type === 'open' || heard.type === 'again'
    if (isNew) reader.current?.told()
  })
}
