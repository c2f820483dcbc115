'use client'

import { useEffect, useEffectEvent, useRef } from 'react'
import { useChanges } from './changes-provider.tsx'

/**
 * Reads again what is shown of a topic when the server says that something of it is new, here or at another
 * instance. News may get lost: the component also polls.
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
    // Nobody here has heard news from before the stream was open.
    const isNew =
      heard.type === 'news' ? heard.topic === topic : heard.type === 'open' || heard.type === 'again'
    if (isNew) reader.current?.told()
  })
}

/** Reads again whenever it is told that something is new. */
export interface ToldReader {
  told(): void
  end(): void
}

/**
 * Reads at once when it is told, never twice at a time, and rests between two reads. What it is told meanwhile
 * makes one further read, so that nothing that was new before the last read is missing.
 * @param read a failure is its own to show
 * @param restMs how long to rest after a read
 */
export function readWhenTold(read: () => Promise<unknown>, restMs: () => number): ToldReader {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBusy = false
  let isWanted = false
  let hasEnded = false

  const begin = async (): Promise<void> => {
    isBusy = true
    isWanted = false
    await read().catch(() => undefined)
    if (hasEnded) return
    timer = setTimeout(() => {
      isBusy = false
      if (isWanted) void begin()
    }, restMs())
  }

  return {
    told() {
      isWanted = true
      if (!isBusy && !hasEnded) void begin()
    },
    end() {
      hasEnded = true
      clearTimeout(timer)
    },
  }
}
