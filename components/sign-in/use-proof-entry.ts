'use client'

import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react'
import { type Entry, useEntry } from './entry-form.tsx'
import { noteReach } from './requests.ts'
import { FieldFault, proofFault } from './words.ts'

/** An entry that proves who somebody is, with the field that holds the secret. */
export type ProofEntry<V extends Record<string, string>> = Entry<V> & {
  secret: RefObject<HTMLInputElement | null>
}

/**
 * An entry that proves who somebody is. A refusal is told in the given words, with the time that is to be waited, and
 * the secret is selected, to be typed anew.
 * @param options.refused what is said of a wrong secret
 * @param options.isFocused gives the focus to the secret when it appears: its step was asked for
 */
export function useProofEntry<V extends Record<string, string>>(
  empty: V,
  send: (values: V) => unknown,
  { refused, isFocused = false }: { refused: string; isFocused?: boolean },
): ProofEntry<V> {
  const secret = useRef<HTMLInputElement>(null)
  const [waitUntil, setWaitUntil] = useState<number>()
  const entry = useEntry(empty, async (values) => {
    setWaitUntil(undefined)
    try {
      await send(values)
    } catch (error) {
      if (error instanceof FieldFault) throw error
      noteReach(error)
      const fault = proofFault(error, Date.now(), refused)
      setWaitUntil(fault.waitUntil)
      secret.current?.focus()
      secret.current?.select()
      throw new Error(fault.words, { cause: error })
    }
  })
  const focus = useEffectEvent(() => {
    if (isFocused) secret.current?.focus()
  })
  useEffect(() => focus(), [])
  return { ...entry, waitUntil, secret }
}
