'use client'

import { useId, useState } from 'react'
import { problemOf } from '#lib/rest/client.ts'

/** The faults, by field; the fault of the whole form under the empty name. */
export type Faults<V> = { [F in keyof V | '']?: string | undefined }

interface Options<V> {
  /** Begins the ids of the fields, `${id}-${field}`; left out: one of its own. */
  id?: string
  values: V | (() => V)
  /** Finds faults without the server, which decides in the end. */
  check?: (values: V) => Faults<V>
  /** Shows faults while one types, not only after an attempt to submit. */
  isLive?: boolean
  /** Submits the values. Errors that it throws are shown at the fields; the values stay. */
  send: (values: V) => unknown
}

export type Form<V> = ReturnType<typeof useForm<V & object>>

/**
 * A form: its values, its faults, and its submission. The first field that is wrong gets the
 * focus. A fault goes when its field changes.
 */
export function useForm<V extends object>({ id: ownId, values: first, check, isLive, send }: Options<V>) {
  const generatedId = useId()
  const id = ownId ?? generatedId
  const [values, setValues] = useState(first)
  const [told, setTold] = useState<Faults<V>>({})
  const [isSending, setSending] = useState(false)
  const found = check === undefined ? {} : withoutEmpty(check(values))

  const tell = (faults: Faults<V>) => {
    setTold(faults)
    focusFirst(Object.keys(faults).map((field) => `${id}-${field}`))
  }
  const attempt = async (how = send) => {
    setSending(true)
    try {
      await how(values)
    } catch (error) {
      tell(faultsIn(error, Object.keys(values)))
    } finally {
      setSending(false)
    }
  }
  return {
    id,
    values,
    faults: isLive ? { ...told, ...found } : told,
    isSending,
    set: (change: Partial<V>) => {
      setValues((now) => ({ ...now, ...change }))
      setTold((now) => {
        const kept = Object.entries(now).filter(([field]) => field !== '' && !(field in change))
        return Object.fromEntries(kept) as Faults<V>
      })
    },
    /** Sends the values, or does something else with them that can fail in the same way. */
    attempt,
    submit: (event: { preventDefault: () => void }) => {
      event.preventDefault()
      if (isSending) return
      if (Object.keys(found).length > 0) return tell(found)
      setTold({})
      void attempt()
    },
  }
}

function withoutEmpty<V>(faults: Faults<V>): Faults<V> {
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined)) as Faults<V>
}

/** The faults that the server found: the first of each field; for other paths, the whole refusal. */
export function faultsIn(error: unknown, fields: readonly string[]): Record<string, string> {
  const faults: Record<string, string> = {}
  const whole = error instanceof Error ? error.message : String(error)
  for (const { path, message, hint = '' } of problemOf(error)?.errors ?? []) {
    const field = String(path[0])
    if (fields.includes(field)) faults[field] ??= `${message.replace(/\.$/, '')}. ${hint}`.trim()
    else faults[''] = whole
  }
  return Object.keys(faults).length === 0 ? { '': whole } : faults
}

/** Gives the focus to the first of some fields on the page; a folded part around it opens. */
function focusFirst(ids: readonly string[]): void {
  const fields = ids.map((id) => document.getElementById(id)).filter((field) => field !== null)
  const [first] = fields.sort((left, right) =>
    left.compareDocumentPosition(right) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  )
  const folded = first?.closest('details')
  if (folded) folded.open = true
  first?.focus()
}
