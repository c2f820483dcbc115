'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { part } from '#components/ui/part.ts'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import {
  changesOf,
  type Faults,
  type FormField,
  type FormValues,
  faultsOf,
  losesKey,
  newForm,
  toBody,
  toForm,
} from './configuration-form.ts'
import { isConflict, serverFaults } from './problems.ts'

const loadRead = part(() => import('./read.ts'))

interface Options {
  /** The one to edit; without it a new one is made. */
  configuration: AIConfiguration | undefined
  catalogue: Catalogue
  onSaved: (saved: AIConfiguration, isNew: boolean) => void
}

/** The form of a configuration: what stands in it, what is wrong with it, and how it is saved. */
export function useConfigurationForm({ configuration, catalogue, onSaved }: Options) {
  const [base, setBase] = useState(configuration)
  const [values, setValues] = useState(() => (configuration ? toForm(configuration) : newForm(catalogue)))
  const [faults, setFaults] = useState<Faults>({})
  const [theirs, setTheirs] = useState<AIConfiguration>()
  const provider = catalogue.providers.find(({ id }) => id === values.provider)
  const isKeyLost = losesKey(values, base)

  const save = useMutation({
    mutationFn: async (from: AIConfiguration | undefined) => {
      const api = await loadRead()
      const body = toBody(values, provider)
      // What cannot go along is removed, as the form says.
      if (isKeyLost && body.api_key === undefined) body.api_key = null
      if (from === undefined) return api.createConfiguration(body)
      return api.patchConfiguration(from.name, from.etag, changesOf(body, from))
    },
    onSuccess: (saved) => onSaved(saved, base === undefined),
  })

  /** What the server says is wrong; somebody else's change is read, to be shown. */
  const understand = async (error: unknown): Promise<Faults> => {
    const found = serverFaults(error, new Set(Object.keys(values)))
    setFaults(found)
    if (isConflict(error) && base !== undefined) setTheirs(await readAgain(base.name))
    return found
  }
  const send = async (from: AIConfiguration | undefined): Promise<Faults> => {
    try {
      await save.mutateAsync(from)
      return {}
    } catch (error) {
      return understand(error)
    }
  }

  return {
    values,
    faults,
    provider,
    base,
    isKeyLost,
    /** What is wrong with the whole of it. */
    failure:
      save.error && theirs === undefined && Object.keys(faults).length === 0 ? save.error.message : undefined,
    /** The configuration as somebody else left it meanwhile. */
    theirs,
    set: (change: Partial<FormValues>) => {
      setValues((now) => ({ ...now, ...change }))
      setFaults((now) => withoutFaults(now, Object.keys(change) as FormField[]))
    },
    /** @returns the first field that is wrong */
    submit: async (): Promise<FormField | undefined> => {
      if (save.isPending || theirs !== undefined) return undefined
      const found = faultsOf(values, provider)
      setFaults(found)
      const wrong = Object.keys(found).length > 0 ? found : await send(base)
      return (Object.keys(wrong) as FormField[])[0]
    },
    /** Saves what was changed here over the other change; the rest stays as they left it. */
    keepMine: () => {
      if (theirs === undefined || base === undefined) return
      const rebased = { ...base, etag: theirs.etag, name: theirs.name }
      setTheirs(undefined)
      setBase(rebased)
      void send(rebased)
    },
    takeTheirs: () => {
      if (theirs === undefined) return
      setValues(toForm(theirs))
      setBase(theirs)
      setTheirs(undefined)
      save.reset()
    },
  }
}

export type ConfigurationForm = ReturnType<typeof useConfigurationForm>

/** One that was renamed or deleted meanwhile is not found; the refusal itself says enough then. */
async function readAgain(name: string): Promise<AIConfiguration | undefined> {
  const { readConfiguration } = await loadRead()
  try {
    return await readConfiguration(name)
  } catch {
    return undefined
  }
}

function withoutFaults(faults: Faults, fields: readonly FormField[]): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([field]) => !fields.includes(field as FormField)))
}
